import type { CastMessage, ViewerMessage } from '../../core/domain/cast-messages.ts';
import type { Clock } from '../../core/domain/clock.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import type { ChromeConnection, Json } from '../chrome/connection.ts';
import { commandOf, type InputMessage } from './dispatch-input.ts';
import { CAST_LIMITS } from './limits.ts';
import { type Look, lookExpression, pickExpression, selectionExpression } from './look-at-point.ts';
import { type History, PageHistory } from './page-history.ts';
import { type FrameSink, Screencast } from './screencast.ts';

/** One who watches a page. */
export interface Watcher extends FrameSink {
  readonly canAct: boolean;
  tell(message: CastMessage): void;
}

export interface PageCastOptions {
  readonly connection: Pick<ChromeConnection, 'call' | 'listen' | 'closeSession'>;
  readonly clock: Clock;
  readonly pageId: string;
  /** It can go back or forward now, or no more. */
  readonly onHistory: () => void;
  readonly onFault: (error: unknown) => void;
}

/** After each of them a page may have another address or title. */
const MOVES: ReadonlySet<string> = new Set([
  'Page.frameNavigated',
  'Page.navigatedWithinDocument',
  'Page.domContentEventFired',
  'Page.loadEventFired',
]);

const WORLD = 'wallcrawler-live-view';
// As for a live view by DevTools: `file` would show the machine, `chrome` the browser.
const NAVIGABLE = /^(?:https?|about|data):/i;

/** What only those send who may act. */
type Act = Exclude<ViewerMessage, { type: 'ack' | 'watch' }>;

const charactersOf = (message: Act): number => {
  if (message.type === 'pick') return message.values.join('').length;
  return 'text' in message ? message.text.length : 0;
};

/** One page, as those who watch it see it and act in it: a session of CDP of the controller's own, while somebody watches. */
export class PageCast {
  readonly #options: PageCastOptions;
  readonly #cdpSessionId: string;
  readonly #screencast: Screencast;
  readonly #watchers = new Set<Watcher>();
  #worldId: number | undefined;
  #dialog: CastMessage | undefined;
  readonly #history: PageHistory;
  /** Whose press was on a field: the page did not hear of it, and is not to hear of its end. */
  #pressedField: Watcher | undefined;
  #cancelHover: (() => void) | undefined;
  #hover: { readonly x: number; readonly y: number } | undefined;
  /** What a viewer does is done in its order. Nothing in it waits for the page: a dialog may be what the page waits for. */
  #turn: Promise<void> = Promise.resolve();
  #isLooking = false;
  readonly #unanswered = { count: 0, characters: 0 };
  #hasSaidBusy = false;

  private constructor(options: PageCastOptions, cdpSessionId: string) {
    this.#options = options;
    this.#cdpSessionId = cdpSessionId;
    const call = (method: string, params?: object) => this.#call(method, params);
    const { clock, onHistory: onChange, onFault } = options;
    this.#screencast = new Screencast({ call, clock, onFault });
    this.#history = new PageHistory({ call, clock, onChange, onFault });
  }

  /** Rejects with a ChromeRefusedError when there is no such page. */
  static async open(options: PageCastOptions): Promise<PageCast> {
    const { connection, pageId } = options;
    const params = { targetId: pageId, flatten: true };
    const { sessionId } = await connection.call('Target.attachToTarget', params);
    const cast = new PageCast(options, String(sessionId));
    connection.listen(String(sessionId), (method, event) => cast.#take(method, event));
    // A page that hangs, or that stands behind a dialog, answers when that is over: it is shown before.
    await withTimeout(cast.#begin(), CAST_LIMITS.openMs, options.clock);
    return cast;
  }

  get history(): History {
    return this.#history.current;
  }

  add(watcher: Watcher): void {
    this.#watchers.add(watcher);
    this.#screencast.add(watcher);
    if (this.#dialog !== undefined) watcher.tell(this.#dialog);
  }

  remove(watcher: Watcher): void {
    if (this.#pressedField === watcher) this.#pressedField = undefined;
    if (this.#watchers.delete(watcher)) this.#screencast.remove(watcher);
  }

  close(): void {
    this.#cancelHover?.();
    this.#history.close();
    this.#screencast.end();
    this.#options.connection.closeSession(this.#cdpSessionId);
  }

  acknowledge(watcher: Watcher, number: number): void {
    this.#screencast.acknowledge(watcher, number);
  }

  /** Does what somebody who may act has sent. */
  act(watcher: Watcher, message: Act): void {
    // The page waits for it, and so may all that was sent before.
    if (message.type === 'dialog') this.#send(watcher, message, () => this.#answerDialog(message));
    else this.#turn = this.#turn.then(() => this.#do(watcher, message)).catch(this.#options.onFault);
  }

  async #do(watcher: Watcher, message: Exclude<Act, { type: 'dialog' }>): Promise<void> {
    switch (message.type) {
      case 'mouse':
      case 'wheel':
      case 'touch':
      case 'key':
      case 'compose':
      case 'text':
        return this.#input(watcher, message);
      case 'copy':
        return this.#send(watcher, message, () => this.#copy(watcher));
      case 'navigate':
        return this.#send(watcher, message, () => this.#navigate(watcher, message.url));
      case 'history':
        return this.#send(watcher, message, () => this.#history.go(message.steps));
      case 'reload':
        return this.#send(watcher, message, () => this.#call('Page.reload'));
      case 'pick':
        return this.#send(watcher, message, () => this.#evaluate(pickExpression(message.values)));
      case 'files':
        return watcher.tell({ type: 'refused', text: 'Files cannot be sent through the live view' });
    }
  }

  /** Asks the page, which may owe a number of answers. Nobody waits for them. */
  #send(watcher: Watcher, message: Act, ask: () => Promise<unknown>): void {
    const characters = charactersOf(message);
    const owed = this.#unanswered;
    if (
      owed.count >= CAST_LIMITS.maxUnanswered ||
      owed.characters + characters > CAST_LIMITS.maxUnansweredCharacters
    ) {
      if (!this.#hasSaidBusy) watcher.tell({ type: 'refused', text: 'The page does not answer' });
      this.#hasSaidBusy = true;
      return;
    }
    owed.count += 1;
    owed.characters += characters;
    ask()
      .catch(this.#options.onFault)
      .finally(() => {
        owed.count -= 1;
        owed.characters -= characters;
        if (owed.count === 0) this.#hasSaidBusy = false;
      });
  }

  async #copy(watcher: Watcher): Promise<void> {
    watcher.tell({ type: 'copied', text: String((await this.#evaluate(selectionExpression())) ?? '') });
  }

  async #input(watcher: Watcher, message: InputMessage): Promise<void> {
    if (message.type === 'mouse' && (await this.#isForPicker(watcher, message))) return;
    const { method, params } = commandOf(message);
    // Chrome answers when the page has dealt with it, which may be after a dialog that it opens.
    this.#send(watcher, message, () => this.#call(method, params));
    if (message.type === 'mouse' && message.event === 'moved') this.#lookSoon(message);
  }

  /** Whether a press is on a field whose choice the viewer is to draw; then the page does not hear of it. */
  async #isForPicker(
    watcher: Watcher,
    { event, button, x, y }: Extract<InputMessage, { type: 'mouse' }>,
  ): Promise<boolean> {
    if (event === 'released' && this.#pressedField === watcher) {
      this.#pressedField = undefined;
      return true;
    }
    if (event !== 'pressed' || button !== 'left' || this.#dialog !== undefined) return false;
    const look = await this.#look(x, y);
    if (look?.picker == null) return false;
    this.#pressedField = watcher;
    watcher.tell({ type: 'picker', picker: look.picker });
    return true;
  }

  async #navigate(watcher: Watcher, url: string): Promise<void> {
    const address = URL.parse(url)?.href ?? URL.parse(`https://${url}`)?.href;
    if (address === undefined || !NAVIGABLE.test(address))
      return watcher.tell({ type: 'refused', text: 'That is no address that a page can be taken to' });
    const { errorText } = await this.#call('Page.navigate', { url: address });
    if (typeof errorText === 'string') watcher.tell({ type: 'refused', text: errorText.slice(0, 200) });
  }

  async #answerDialog({ isAccepted, text }: Extract<Act, { type: 'dialog' }>): Promise<void> {
    if (this.#dialog === undefined) return;
    await this.#call('Page.handleJavaScriptDialog', { accept: isAccepted, promptText: text });
  }

  #lookSoon(point: { readonly x: number; readonly y: number }): void {
    this.#hover = point;
    this.#cancelHover ??= this.#options.clock.setTimer(CAST_LIMITS.hoverMs, () => {
      this.#cancelHover = undefined;
      const { x, y } = this.#hover ?? point;
      this.#look(x, y).then((look) => {
        if (look !== undefined) this.#tellAll({ type: 'cursor', cursor: look.cursor });
      }, this.#options.onFault);
    });
  }

  async #look(x: number, y: number): Promise<Look | undefined> {
    if (this.#dialog !== undefined || this.#isLooking) return undefined;
    this.#isLooking = true;
    const looked = this.#evaluate(lookExpression(x, y)).finally(() => {
      this.#isLooking = false;
    });
    // A page that hangs is clicked all the same.
    return (await withTimeout(looked, CAST_LIMITS.lookMs, this.#options.clock)) as Look | undefined;
  }

  /** In a world of ours in the page; undefined where it cannot be asked. */
  async #evaluate(expression: string): Promise<unknown> {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      this.#worldId ??= await this.#openWorld();
      try {
        const { result, exceptionDetails } = await this.#call('Runtime.evaluate', {
          expression,
          contextId: this.#worldId,
          returnByValue: true,
          silent: true,
        });
        return exceptionDetails === undefined ? (result as { readonly value?: unknown }).value : undefined;
      } catch (error) {
        // The page has gone elsewhere, and the world with it.
        this.#worldId = undefined;
        if (attempt === 1) throw error;
      }
    }
    return undefined;
  }

  async #openWorld(): Promise<number> {
    const params = { frameId: this.#options.pageId, worldName: WORLD };
    const { executionContextId } = await this.#call('Page.createIsolatedWorld', params);
    return Number(executionContextId);
  }

  async #begin(): Promise<void> {
    const enabled = this.#call('Page.enable');
    await this.#history.read();
    await enabled;
    this.#options.onHistory();
  }

  #take(method: string, params: Json): void {
    if (method === 'Page.screencastFrame') this.#screencast.take(params);
    else if (method === 'Page.javascriptDialogOpening') this.#openDialog(params);
    else if (method === 'Page.javascriptDialogClosed') {
      this.#dialog = undefined;
      this.#tellAll({ type: 'dialog-closed' });
    } else if (MOVES.has(method)) {
      if (method === 'Page.frameNavigated') this.#worldId = undefined;
      this.#history.follow();
    }
  }

  #openDialog({ type, message, defaultPrompt }: Json): void {
    const kinds = ['alert', 'confirm', 'prompt', 'beforeunload'] as const;
    this.#dialog = {
      type: 'dialog',
      kind: kinds.find((kind) => kind === type) ?? 'alert',
      text: String(message).slice(0, CAST_LIMITS.maxTextCharacters),
      defaultText: String(defaultPrompt ?? '').slice(0, CAST_LIMITS.maxTextCharacters),
    };
    this.#tellAll(this.#dialog);
  }

  #tellAll(message: CastMessage): void {
    for (const watcher of this.#watchers) watcher.tell(message);
  }

  #call(method: string, params?: object): Promise<Json> {
    return this.#options.connection.call(method, params, this.#cdpSessionId);
  }
}
