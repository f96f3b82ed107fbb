import type { CastMessage, ViewerMessage } from '../../core/domain/cast-messages.ts';
import type { Clock } from '../../core/domain/clock.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import type { ChromeConnection, Json } from '../chrome/connection.ts';
import { commandOf, type InputMessage } from './dispatch-input.ts';
import { FileChoosers, type ViewerFiles } from './file-choosers.ts';
import { CAST_LIMITS } from './limits.ts';
import { readSelection } from './look-at-point.ts';
import type { OpenDialogs } from './open-dialogs.ts';
import { OwedAnswers } from './owed-answers.ts';
import { PageFields } from './page-fields.ts';
import { type FrameRef, PageFrames } from './page-frames.ts';
import { type History, PageHistory } from './page-history.ts';
import { type FrameSink, Screencast } from './screencast.ts';

/** One who watches a page. */
export interface Watcher extends FrameSink {
  readonly canAct: boolean;
  tell(message: CastMessage): void;
}

export interface PageCastOptions {
  readonly connection: Pick<ChromeConnection, 'call' | 'listen' | 'closeSession' | 'clientChoosers'>;
  readonly dialogs: Pick<OpenDialogs, 'of' | 'listen' | 'answer'>;
  readonly uploads: ViewerFiles;
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
  readonly choosers: FileChoosers;
  readonly #options: PageCastOptions;
  readonly #frames: PageFrames;
  readonly #fields: PageFields;
  readonly #screencast: Screencast;
  readonly #history: PageHistory;
  readonly #owed: OwedAnswers;
  readonly #watchers = new Set<Watcher>();
  readonly #stopListening: () => void;
  /** What a viewer does is done in its order. Nothing in it waits for the page: a dialog may be what the page waits for. */
  #turn: Promise<void> = Promise.resolve();

  private constructor(options: PageCastOptions, cdpSessionId: string) {
    this.#options = options;
    const { pageId, connection, dialogs, clock, onHistory: onChange, onFault } = options;
    const call = (method: string, params?: object) => this.#call(method, params);
    const tellAll = (message: CastMessage) => this.#tellAll(message);
    this.#screencast = new Screencast({ call, clock, onFault });
    this.#history = new PageHistory({ call, clock, onChange, onFault });
    this.#owed = new OwedAnswers(onFault);
    const frames = new PageFrames({
      connection,
      cdpSessionId,
      pageId,
      onRemote: (frame) => this.#enter(frame),
      onEvent: (method, params, frame) => this.choosers.take(method, params, frame),
    });
    this.#frames = frames;
    const { clientChoosers } = connection;
    this.choosers = new FileChoosers({ ...options, clientChoosers, frames, tellAll });
    const isBlocked = () => dialogs.of(pageId) !== null;
    this.#fields = new PageFields({ frames, clock, isBlocked, tellAll, onFault });
    this.#stopListening = dialogs.listen(pageId, (dialog) => tellAll(dialog ?? { type: 'dialog-closed' }));
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

  /** Something else says that it may have moved. */
  readHistory(): void {
    this.#history.follow();
  }

  add(watcher: Watcher): void {
    this.#watchers.add(watcher);
    this.#screencast.add(watcher);
    const open = [this.#options.dialogs.of(this.#options.pageId), this.choosers.message];
    for (const message of open) if (message != null) watcher.tell(message);
    this.#wantFiles();
  }

  remove(watcher: Watcher): void {
    this.#fields.forget(watcher);
    if (!this.#watchers.delete(watcher)) return;
    this.#screencast.remove(watcher);
    this.#wantFiles();
  }

  close(): void {
    this.#stopListening();
    this.#fields.close();
    this.#history.close();
    this.#screencast.end();
    this.choosers.want(false);
    this.#options.connection.closeSession(this.#frames.root.cdpSessionId);
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
        return this.#send(watcher, message, () => this.#fields.pick(message.values));
      case 'files':
        return this.#send(watcher, message, () => this.choosers.choose(watcher, message));
    }
  }

  /** Asks the page. Nobody waits for its answer. */
  #send(watcher: Watcher, message: Act, ask: () => Promise<unknown>): void {
    const onBusy = () => watcher.tell({ type: 'refused', text: 'The page does not answer' });
    this.#owed.ask(charactersOf(message), ask, onBusy);
  }

  async #copy(watcher: Watcher): Promise<void> {
    watcher.tell({ type: 'copied', text: await readSelection(this.#frames) });
  }

  async #input(watcher: Watcher, message: InputMessage): Promise<void> {
    if (message.type === 'mouse' && (await this.#fields.takes(watcher, message))) return;
    const { method, params } = commandOf(message);
    // Chrome answers when the page has dealt with it, which may be after a dialog that it opens.
    this.#send(watcher, message, () => this.#call(method, params));
    if (message.type === 'mouse' && message.event === 'moved') this.#fields.lookSoon(message);
  }

  async #navigate(watcher: Watcher, url: string): Promise<void> {
    const address = URL.parse(url)?.href ?? URL.parse(`https://${url}`)?.href;
    if (address === undefined || !NAVIGABLE.test(address))
      return watcher.tell({ type: 'refused', text: 'That is no address that a page can be taken to' });
    const { errorText } = await this.#call('Page.navigate', { url: address });
    if (typeof errorText === 'string') watcher.tell({ type: 'refused', text: errorText.slice(0, 200) });
  }

  #answerDialog({ isAccepted, text }: Extract<Act, { type: 'dialog' }>): Promise<void> {
    return this.#options.dialogs.answer(this.#options.pageId, isAccepted, text);
  }

  async #begin(): Promise<void> {
    const enabled = this.#call('Page.enable');
    const framesFound = this.#frames.watch();
    await this.#history.begin();
    await enabled;
    await framesFound;
    this.#options.onHistory();
  }

  #take(method: string, params: Json): void {
    if (method === 'Page.screencastFrame') {
      this.#screencast.take(params);
      return;
    }
    this.#frames.take(method, params);
    this.choosers.take(method, params, this.#frames.root);
    if (MOVES.has(method)) this.#history.follow();
  }

  /** A frame of another site says which file choosers it opens, when it is asked to. */
  #enter(frame: FrameRef): void {
    this.#frames.call(frame, 'Page.enable').catch(this.#options.onFault);
    this.choosers.enter(frame);
  }

  #wantFiles(): void {
    this.choosers.want([...this.#watchers].some(({ canAct }) => canAct));
  }

  #tellAll(message: CastMessage): void {
    for (const watcher of this.#watchers) watcher.tell(message);
  }

  #call(method: string, params?: object): Promise<Json> {
    return this.#frames.call(this.#frames.root, method, params);
  }
}
