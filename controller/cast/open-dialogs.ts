import type { CastMessage } from '../../core/domain/cast-messages.ts';
import {
  type ChromeConnection,
  ChromeGoneError,
  ChromeRefusedError,
  type Json,
} from '../chrome/connection.ts';
import { CAST_LIMITS } from './limits.ts';

export type DialogMessage = Extract<CastMessage, { readonly type: 'dialog' }>;

/** null: what was open is not any more. */
type DialogListener = (dialog: DialogMessage | null) => void;

interface WatchedPage {
  readonly pageId: string;
  dialog: DialogMessage | null;
}

const PAGES = { autoAttach: true, flatten: true, waitForDebuggerOnStart: false, filter: [{ type: 'page' }] };
const KINDS = ['alert', 'confirm', 'prompt', 'beforeunload'] as const;

/**
 * The dialogs that are open in a browser's pages. Chrome tells of one only when it opens, and takes an answer only from who
 * was told: so each page has a session of CDP for this, before anybody watches.
 */
export class OpenDialogs {
  readonly #connection: Pick<ChromeConnection, 'call' | 'listen'>;
  /** By the session of CDP. */
  readonly #pages = new Map<string, WatchedPage>();
  readonly #listeners = new Map<string, Set<DialogListener>>();

  constructor(connection: Pick<ChromeConnection, 'call' | 'listen'>) {
    this.#connection = connection;
  }

  /** Resolves when the pages that are there are watched. */
  async watch(): Promise<void> {
    const { sessionId } = await this.#connection.call('Target.attachToBrowserTarget');
    this.#connection.listen(String(sessionId), (method, params) => {
      if (method === 'Target.attachedToTarget') this.#enter(params);
      else if (method === 'Target.detachedFromTarget') this.#pages.delete(String(params.sessionId));
    });
    await this.#connection.call('Target.setAutoAttach', PAGES, String(sessionId));
  }

  of(pageId: string): DialogMessage | null {
    return this.#find(pageId)?.[1].dialog ?? null;
  }

  /** Returns how to stop. */
  listen(pageId: string, listener: DialogListener): () => void {
    const listeners = this.#listeners.get(pageId) ?? new Set();
    this.#listeners.set(pageId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(pageId);
    };
  }

  /** Does nothing where none is open. */
  async answer(pageId: string, isAccepted: boolean, promptText: string): Promise<void> {
    const [cdpSessionId, page] = this.#find(pageId) ?? [];
    if (page?.dialog == null) return;
    const params = { accept: isAccepted, promptText };
    await this.#connection.call('Page.handleJavaScriptDialog', params, cdpSessionId);
  }

  #find(pageId: string): [cdpSessionId: string, page: WatchedPage] | undefined {
    return [...this.#pages].find(([, page]) => page.pageId === pageId);
  }

  #enter({ sessionId, targetInfo }: Json): void {
    const cdpSessionId = String(sessionId);
    const { targetId: pageId } = targetInfo as { readonly targetId: string };
    const page: WatchedPage = { pageId, dialog: null };
    this.#pages.set(cdpSessionId, page);
    this.#connection.listen(cdpSessionId, (method, params) => {
      if (method === 'Page.javascriptDialogOpening') this.#note(page, readDialog(params));
      else if (method === 'Page.javascriptDialogClosed') this.#note(page, null);
    });
    this.#connection.call('Page.enable', {}, cdpSessionId).catch(ignoreGone);
  }

  #note(page: WatchedPage, dialog: DialogMessage | null): void {
    page.dialog = dialog;
    for (const listener of this.#listeners.get(page.pageId) ?? []) listener(dialog);
  }
}

const readDialog = ({ type, message, defaultPrompt }: Json): DialogMessage => ({
  type: 'dialog',
  kind: KINDS.find((kind) => kind === type) ?? 'alert',
  text: String(message).slice(0, CAST_LIMITS.maxTextCharacters),
  defaultText: String(defaultPrompt ?? '').slice(0, CAST_LIMITS.maxTextCharacters),
});

/** The page, or all of Chrome, is gone already. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) throw error;
}
