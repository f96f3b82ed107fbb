import type { ChromeConnection, Json } from '../chrome/connection.ts';

/** A document of a page, and the session of CDP in which it is spoken to. */
export interface FrameRef {
  readonly frameId: string;
  readonly cdpSessionId: string;
}

export interface PageFramesOptions {
  readonly connection: Pick<ChromeConnection, 'call' | 'listen'>;
  /** The page's own. */
  readonly cdpSessionId: string;
  readonly pageId: string;
  /** A frame of another site has come: a target of its own. */
  readonly onRemote: (frame: FrameRef) => void;
  /** What such a frame says. */
  readonly onEvent: (method: string, params: Json, frame: FrameRef) => void;
}

const WORLD = 'wallcrawler-live-view';
const FRAMES = {
  autoAttach: true,
  flatten: true,
  // No frame waits for who watches.
  waitForDebuggerOnStart: false,
  filter: [{ type: 'iframe' }],
};

/**
 * The documents of a page, each with a world of ours, where no script of the page has changed anything. Those of other sites
 * are targets of their own, and are attached to as they come.
 */
export class PageFrames {
  readonly root: FrameRef;
  readonly #options: PageFramesOptions;
  readonly #remote = new Map<string, FrameRef>();
  readonly #worlds = new Map<string, number>();

  constructor(options: PageFramesOptions) {
    const { pageId: frameId, cdpSessionId } = options;
    this.#options = options;
    this.root = { frameId, cdpSessionId };
  }

  /** From now on, which frames of other sites there are. */
  watch(): Promise<unknown> {
    return this.#attachWithin(this.root);
  }

  /** Those of other sites. */
  remote(): Iterable<FrameRef> {
    return this.#remote.values();
  }

  take(method: string, params: Json): void {
    if (method === 'Target.attachedToTarget') this.#attached(params);
    else if (method === 'Target.detachedFromTarget') this.#detached(String(params.sessionId));
    // Its world has gone with what it showed.
    else if (method === 'Page.frameNavigated') this.#worlds.delete(String((params.frame as Json).id));
    else if (method === 'Page.frameDetached') this.#worlds.delete(String(params.frameId));
  }

  /** In our world of a document; undefined where it throws. */
  async evaluate(frame: FrameRef, expression: string): Promise<unknown> {
    const { value } = await this.#run(frame, expression, true);
    return value;
  }

  /** The document within the element that an expression answers; undefined where that is no frame. */
  async within(frame: FrameRef, expression: string): Promise<FrameRef | undefined> {
    const { objectId } = await this.#run(frame, expression, false);
    if (objectId === undefined) return undefined;
    const { node } = await this.call(frame, 'DOM.describeNode', { objectId });
    const { frameId } = node as Json;
    if (typeof frameId !== 'string') return undefined;
    return this.#remote.get(frameId) ?? { frameId, cdpSessionId: frame.cdpSessionId };
  }

  /** An element of a document in our world, by its number in Chrome. */
  async objectOf(frame: FrameRef, backendNodeId: number): Promise<string> {
    const executionContextId = await this.#worldOf(frame);
    const { object } = await this.call(frame, 'DOM.resolveNode', { backendNodeId, executionContextId });
    return String((object as Json).objectId);
  }

  call({ cdpSessionId }: Pick<FrameRef, 'cdpSessionId'>, method: string, params?: object): Promise<Json> {
    return this.#options.connection.call(method, params, cdpSessionId);
  }

  async #run(
    frame: FrameRef,
    expression: string,
    returnByValue: boolean,
  ): Promise<{ readonly value?: unknown; readonly objectId?: string }> {
    for (let attempt = 0; ; attempt += 1) {
      const contextId = await this.#worldOf(frame);
      try {
        const params = { expression, contextId, returnByValue, silent: true };
        const { result, exceptionDetails } = await this.call(frame, 'Runtime.evaluate', params);
        return exceptionDetails === undefined ? (result as object) : {};
      } catch (error) {
        // The document has gone elsewhere, and the world with it.
        this.#worlds.delete(frame.frameId);
        if (attempt === 1) throw error;
      }
    }
  }

  async #worldOf(frame: FrameRef): Promise<number> {
    const { frameId } = frame;
    const known = this.#worlds.get(frameId);
    if (known !== undefined) return known;
    const { executionContextId } = await this.call(frame, 'Page.createIsolatedWorld', {
      frameId,
      worldName: WORLD,
    });
    this.#worlds.set(frameId, Number(executionContextId));
    return Number(executionContextId);
  }

  #attachWithin(frame: FrameRef): Promise<unknown> {
    return this.call(frame, 'Target.setAutoAttach', FRAMES);
  }

  #attached({ sessionId, targetInfo }: Json): void {
    const { targetId } = targetInfo as { readonly targetId: string };
    const frame = { frameId: targetId, cdpSessionId: String(sessionId) };
    const { connection, onRemote, onEvent } = this.#options;
    this.#remote.set(targetId, frame);
    // What it had in another process was another world.
    this.#worlds.delete(targetId);
    connection.listen(frame.cdpSessionId, (method, params) => {
      this.take(method, params);
      onEvent(method, params, frame);
    });
    // It may have gone again, and says so by another event.
    this.#attachWithin(frame).catch(() => undefined);
    onRemote(frame);
  }

  #detached(cdpSessionId: string): void {
    for (const [frameId, frame] of this.#remote)
      if (frame.cdpSessionId === cdpSessionId) {
        this.#remote.delete(frameId);
        this.#worlds.delete(frameId);
      }
  }
}
