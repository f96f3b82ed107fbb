import type { CastMessage, ViewerMessage } from '../../core/domain/cast-messages.ts';
import { type ChromeConnection, ChromeRefusedError, type Json } from '../chrome/connection.ts';
import { CAST_LIMITS } from './limits.ts';
import type { FrameRef, PageFrames } from './page-frames.ts';

/** A file of who watches: `folder` is its own, and its id. */
export interface ViewerFile {
  readonly name: string;
  readonly folder: string;
}

/** Where such files lie. */
export interface ViewerFiles {
  pathOf(file: ViewerFile): string | undefined;
  discard(file: ViewerFile): Promise<void>;
}

export interface FileChoosersOptions {
  readonly frames: PageFrames;
  readonly clientChoosers: ChromeConnection['clientChoosers'];
  readonly uploads: ViewerFiles;
  readonly tellAll: (message: CastMessage) => void;
  readonly onFault: (error: unknown) => void;
}

interface OpenChooser {
  readonly message: Extract<CastMessage, { readonly type: 'chooser' }>;
  readonly frame: FrameRef;
  readonly backendNodeId: number;
  /** The element, in our world of its document. */
  readonly objectId: string;
  /** What has arrived for it. */
  readonly files: ViewerFile[];
}

const ASKED = `function (maxCharacters) {
  return { accept: this.accept.slice(0, maxCharacters), isFolder: this.webkitdirectory };
}`;
// Chrome tells a page that nothing was chosen only by a chooser of its own.
const CANCEL = `function () { this.dispatchEvent(new Event('cancel', { bubbles: true })); }`;

/**
 * The file choosers of a page, answered by who watches it with the right to act; while nobody does, Chrome cancels each at
 * once. A client that takes them itself has them for itself.
 */
export class FileChoosers {
  readonly #options: FileChoosersOptions;
  #isWanted = false;
  #open: OpenChooser | undefined;

  constructor(options: FileChoosersOptions) {
    this.#options = options;
  }

  /** What is open now, as a viewer is told of it. */
  get message(): CastMessage | undefined {
    return this.#open?.message;
  }

  /** Whether somebody is there who may answer. */
  want(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    const { frames } = this.#options;
    for (const frame of [frames.root, ...frames.remote()]) this.#intercept(frame);
    if (!isWanted) this.#cancel();
  }

  /** A frame of another site has come. */
  enter(frame: FrameRef): void {
    if (this.#isWanted) this.#intercept(frame);
  }

  take(method: string, params: Json, frame: FrameRef): void {
    if (method === 'Page.fileChooserOpened') this.#opened(params, frame).catch(this.#options.onFault);
    else if (this.#open !== undefined && isEndOf(this.#open.frame, method, params, this.#options.frames.root))
      this.#close();
  }

  isOpen(chooserId: string): boolean {
    return this.#open?.message.id === chooserId;
  }

  /** A file has arrived. False: its chooser is not open any more. */
  add(chooserId: string, file: ViewerFile): boolean {
    if (!this.isOpen(chooserId)) return false;
    this.#open?.files.push(file);
    return true;
  }

  /** What a viewer has chosen; nothing: they have cancelled it. */
  async choose(
    watcher: { tell(message: CastMessage): void },
    { chooserId, fileIds }: Extract<ViewerMessage, { readonly type: 'files' }>,
  ): Promise<void> {
    const open = this.#open;
    const refuse = (text: string) => watcher.tell({ type: 'refused', text });
    if (open?.message.id !== chooserId) return refuse('The page does not ask for a file any more');
    if (fileIds.length === 0) return this.#cancel();
    const chosen = fileIds.map((id) => open.files.find(({ folder }) => folder === id));
    const paths = chosen.map((file) => file && this.#options.uploads.pathOf(file));
    if (paths.includes(undefined)) return refuse('A file that was chosen has not arrived');
    if (paths.length > 1 && !open.message.isMultiple) return refuse('The page asks for one file');
    this.#close(chosen);
    const params = { files: paths, backendNodeId: open.backendNodeId };
    try {
      await this.#options.frames.call(open.frame, 'DOM.setFileInputFiles', params);
    } catch (error) {
      if (!(error instanceof ChromeRefusedError)) throw error;
      this.#discard(open.files);
      refuse('The field that asked for a file is not there any more');
    }
  }

  async #opened({ frameId, mode, backendNodeId }: Json, { cdpSessionId }: FrameRef): Promise<void> {
    const { frames, clientChoosers, tellAll } = this.#options;
    const { frameId: targetId } =
      [...frames.remote()].find((each) => each.cdpSessionId === cdpSessionId) ?? frames.root;
    if (!this.#isWanted || clientChoosers.areTaken(targetId)) return;
    if (typeof backendNodeId !== 'number')
      return tellAll({
        type: 'refused',
        text: 'The page asks for a file in a way that cannot be answered here',
      });
    const frame = { frameId: String(frameId), cdpSessionId };
    const objectId = await frames.objectOf(frame, backendNodeId);
    const { result } = await frames.call(frame, 'Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: ASKED,
      arguments: [{ value: CAST_LIMITS.maxFieldCharacters }],
      returnByValue: true,
    });
    const { accept, isFolder } = (result as Json).value as { accept: string; isFolder: boolean };
    if (!this.#isWanted) return;
    this.#cancel();
    const message = {
      type: 'chooser',
      id: crypto.randomUUID(),
      isMultiple: mode === 'selectMultiple',
      isFolder,
      accept,
    } as const;
    this.#open = { message, frame, backendNodeId, objectId, files: [] };
    tellAll(message);
  }

  #cancel(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#close();
    const { frames, onFault } = this.#options;
    const params = { objectId: open.objectId, functionDeclaration: CANCEL };
    frames.call(open.frame, 'Runtime.callFunctionOn', params).catch(onFault);
  }

  /** `used`: what the page has got; all else of it goes. */
  #close(used: readonly (ViewerFile | undefined)[] = []): void {
    if (this.#open === undefined) return;
    this.#discard(this.#open.files.filter((file) => !used.includes(file)));
    this.#open = undefined;
    this.#options.tellAll({ type: 'chooser-closed' });
  }

  #discard(files: readonly ViewerFile[]): void {
    const { uploads, onFault } = this.#options;
    for (const file of files) uploads.discard(file).catch(onFault);
  }

  #intercept(frame: FrameRef): void {
    const params = { enabled: this.#isWanted };
    this.#options.frames
      .call(frame, 'Page.setInterceptFileChooserDialog', params)
      .catch(this.#options.onFault);
  }
}

/** Whether a document goes by this event: with the page's own go all within it. */
function isEndOf({ frameId, cdpSessionId }: FrameRef, method: string, params: Json, root: FrameRef): boolean {
  if (method === 'Page.frameDetached') return params.frameId === frameId;
  if (method === 'Target.detachedFromTarget') return params.sessionId === cdpSessionId;
  if (method !== 'Page.frameNavigated') return false;
  const { id } = params.frame as Json;
  return id === frameId || id === root.frameId;
}
