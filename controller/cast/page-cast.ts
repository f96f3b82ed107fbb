import type { CastMessage, ViewerMessage } from '../../core/domain/cast-messages.ts';
import type { Clock } from '../../core/domain/clock.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import type { ChromeConnection, Json } from '../chrome/connection.ts';
import { commandOf, type InputMessage } from './dispatch-input.ts';
import { CAST_LIMITS } from './limits.ts';
import { type Look, lookExpression, pickExpression, selectionExpression } from './look-at-point.ts';
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

/** Where a page stands in its history. */
export interface History {
  readonly canGoBack: boolean;
  readonly canGoForward: boolean;
  readonly title: string;
  readonly url: string;
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

/** One page, as those who watch it see it and act in it: a session of CDP of the controller's own, while somebody watches. */
export class PageCast {
  readonly #options: PageCastOptions;
  readonly #cdpSessionId: string;
  readonly #screencast: Screencast;
  readonly #watchers = new Set<Watcher>();
  #worldId: number | undefined;
  #dialog: CastMessage | undefined;
  #history: History = { canGoBack: false, canGoForward: false, title: '', url: '' };
  #swallowsRelease = false;
  #hasTouch = false;
  #cancelHover: (() => void) | undefined;
  #hover: { readonly x: number; readonly y: number } | undefined;
  /** What a viewer does is done in its order. */
  #turn: Promise<void> = Promise.resolve();

  private constructor(options: PageCastOptions, cdpSessionId: string) {
    this.#options = options;
    this.#cdpSessionId = cdpSessionId;
    this.#screencast = new Screencast({
      call: (method, params) => this.#call(method, params),
      clock: options.clock,
      onFault: options.onFault,
    });
  }

  /** Rejects with a ChromeRefusedError when there is no such page. */
  static async open(options: PageCastOptions): Promise<PageCast> {
    const { connection, pageId } = options;
    const params = { targetId: pageId, flatten: true };
    const { sessionId } = await connection.call('Target.attachToTarget', params);
    const cast = new PageCast(options, String(sessionId));
    connection.listen(String(sessionId), (method, event) => cast.#take(method, event));
    await cast.#call('Page.enable');
    await cast.#readHistory();
    return cast;
  }

  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  get history(): History {
    return this.#history;
  }

  add(watcher: Watcher): void {
    this.#watchers.add(watcher);
    this.#screencast.add(watcher);
    if (this.#dialog !== undefined) watcher.tell(this.#dialog);
  }

  remove(watcher: Watcher): void {
    if (this.#watchers.delete(watcher)) this.#screencast.remove(watcher);
  }

  close(): void {
    this.#cancelHover?.();
    this.#options.connection.closeSession(this.#cdpSessionId);
  }

  acknowledge(watcher: Watcher, number: number): void {
    this.#screencast.acknowledge(watcher, number);
  }

  /** Does what somebody who may act has sent. */
  act(watcher: Watcher, message: Exclude<ViewerMessage, { type: 'ack' | 'watch' }>): void {
    this.#turn = this.#turn.then(() => this.#do(watcher, message)).catch(this.#options.onFault);
  }

  async #do(watcher: Watcher, message: Exclude<ViewerMessage, { type: 'ack' | 'watch' }>): Promise<void> {
    switch (message.type) {
      case 'mouse':
      case 'wheel':
      case 'touch':
      case 'key':
      case 'compose':
      case 'text':
        return this.#input(watcher, message);
      case 'copy':
        return watcher.tell({
          type: 'copied',
          text: String((await this.#evaluate(selectionExpression())) ?? ''),
        });
      case 'navigate':
        return this.#navigate(watcher, message.url);
      case 'history':
        return this.#go(message.steps);
      case 'reload':
        await this.#call('Page.reload');
        return;
      case 'dialog':
        return this.#answerDialog(message.isAccepted, message.text);
      case 'pick':
        await this.#evaluate(pickExpression(message.values));
        return;
      case 'files':
        return watcher.tell({ type: 'refused', text: 'Files cannot be sent through the live view' });
    }
  }

  async #input(watcher: Watcher, message: InputMessage): Promise<void> {
    if (message.type === 'mouse' && (await this.#isForPicker(watcher, message))) return;
    if (message.type === 'touch' && !this.#hasTouch) {
      this.#hasTouch = true;
      await this.#call('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 5 });
    }
    const { method, params } = commandOf(message);
    // Chrome answers when the page has dealt with it, which may be after a dialog that it opens: nobody waits for that.
    this.#call(method, params).catch(this.#options.onFault);
    if (message.type === 'mouse' && message.event === 'moved') this.#lookSoon(message);
  }

  /** Whether a press is on a field whose choice the viewer is to draw; then the page does not hear of it. */
  async #isForPicker(
    watcher: Watcher,
    { event, button, x, y }: Extract<InputMessage, { type: 'mouse' }>,
  ): Promise<boolean> {
    if (event === 'released' && this.#swallowsRelease) {
      this.#swallowsRelease = false;
      return true;
    }
    if (event !== 'pressed' || button !== 'left' || this.#dialog !== undefined) return false;
    const look = await this.#look(x, y);
    if (look?.picker == null) return false;
    this.#swallowsRelease = true;
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

  async #go(steps: number): Promise<void> {
    const { currentIndex, entries } = await this.#call('Page.getNavigationHistory');
    const entry = (entries as readonly { readonly id: number }[])[Number(currentIndex) + steps];
    if (entry !== undefined) await this.#call('Page.navigateToHistoryEntry', { entryId: entry.id });
  }

  async #answerDialog(isAccepted: boolean, text: string): Promise<void> {
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
    if (this.#dialog !== undefined) return undefined;
    // A page that hangs is clicked all the same.
    return (await withTimeout(this.#evaluate(lookExpression(x, y)), CAST_LIMITS.lookMs)) as Look | undefined;
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

  async #readHistory(): Promise<void> {
    const { currentIndex, entries } = await this.#call('Page.getNavigationHistory');
    const index = Number(currentIndex);
    const known = entries as readonly { readonly title: string; readonly url: string }[];
    const { title = '', url = '' } = known[index] ?? {};
    this.#history = { canGoBack: index > 0, canGoForward: index < known.length - 1, title, url };
  }

  #take(method: string, params: Json): void {
    if (method === 'Page.screencastFrame') this.#screencast.take(params);
    else if (method === 'Page.javascriptDialogOpening') this.#openDialog(params);
    else if (method === 'Page.javascriptDialogClosed') {
      this.#dialog = undefined;
      this.#tellAll({ type: 'dialog-closed' });
    } else if (MOVES.has(method)) {
      if (method === 'Page.frameNavigated') this.#worldId = undefined;
      this.#readHistory().then(() => this.#options.onHistory(), this.#options.onFault);
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
