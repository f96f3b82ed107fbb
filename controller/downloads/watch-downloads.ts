import { basename, dirname, join } from 'node:path';
import {
  type ChromeConnection,
  ChromeGoneError,
  ChromeRefusedError,
  type Json,
} from '../chrome/connection.ts';

/** A file that Chrome has downloaded whole. */
export interface FinishedDownload {
  readonly id: string;
  /** As the site or the page named it. */
  readonly filename: string;
  /** Where it lies. */
  readonly path: string;
}

/** What happens to a download, in this order. */
export interface DownloadListener {
  onBytes(id: string, bytes: number): void;
  onFinished(download: FinishedDownload): void;
  /** There will be no file: somebody cancelled it, its context is gone, or its connection broke. */
  onGivenUp(id: string, filename: string): void;
}

type Connection = Pick<ChromeConnection, 'call' | 'listen' | 'leftEmulation'>;

/**
 * Chrome downloads into one folder for every client and every context, and each file has its id for a name, so that none
 * meets another. Chrome forgets the setting with the client that made it last, and cancels what a context downloads that nobody
 * has set it for: so it is set for each context that comes, and again when a client has left that had set it.
 */
export class DownloadWatch {
  readonly #folder: string;
  readonly #names = new Map<string, string>();
  readonly #missed: FinishedDownload[] = [];
  #listener: DownloadListener | undefined;
  #connection: Connection | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What was there before somebody listens is told at once. */
  listen(listener: DownloadListener): void {
    this.#listener = listener;
    for (const download of this.#missed.splice(0)) listener.onFinished(download);
  }

  /** Of one that is under way. */
  nameOf(id: string): string | undefined {
    return this.#names.get(id);
  }

  /** Gives it up, as one that is too large. Its file goes with it. */
  async cancel(id: string): Promise<void> {
    try {
      await this.#connection?.call('Browser.cancelDownload', { guid: id });
    } catch (error) {
      ignoreGone(error);
    }
  }

  async watch(connection: Connection): Promise<void> {
    this.#connection = connection;
    const { sessionId } = await connection.call('Target.attachToBrowserTarget');
    const watcher = String(sessionId);
    const contexts = new Set<string | undefined>([undefined]);
    const hold = (browserContextId: string | undefined) =>
      connection.call(
        'Browser.setDownloadBehavior',
        { behavior: 'allowAndName', downloadPath: this.#folder, eventsEnabled: true, browserContextId },
        watcher,
      );
    const holdAll = () => {
      for (const context of contexts)
        hold(context).catch((error: unknown) => {
          // A context that is gone has no downloads.
          contexts.delete(context);
          ignoreGone(error);
        });
    };
    connection.listen(watcher, (method, params) => {
      const context = contextOf(method, params);
      if (context === undefined) this.#take(method, params);
      else if (!contexts.has(context)) {
        contexts.add(context);
        hold(context).catch(ignoreGone);
      }
    });
    connection.leftEmulation.listen('downloads', holdAll);
    const pages = { discover: true, filter: [{ type: 'page' }] };
    await Promise.all([hold(undefined), connection.call('Target.setDiscoverTargets', pages, watcher)]);
  }

  #take(method: string, params: Json): void {
    const id = String(params.guid);
    if (method === 'Browser.downloadWillBegin') {
      this.#names.set(id, String(params.suggestedFilename));
      this.#listener?.onBytes(id, 0);
    }
    if (method !== 'Browser.downloadProgress') return;
    if (params.state === 'inProgress') this.#listener?.onBytes(id, Number(params.receivedBytes));
    else this.#end(id, params.state === 'completed', pathIn(this.#folder, id, params.filePath));
  }

  #end(id: string, isWhole: boolean, path: string): void {
    const filename = this.#names.get(id);
    this.#names.delete(id);
    if (filename === undefined) return;
    if (!isWhole) {
      this.#listener?.onGivenUp(id, filename);
      return;
    }
    const download = { id, filename, path };
    if (this.#listener === undefined) this.#missed.push(download);
    else this.#listener.onFinished(download);
  }
}

/** Under its id, unless Chrome says otherwise; never out of the folder. */
function pathIn(folder: string, id: string, said: unknown): string {
  const isInside = typeof said === 'string' && dirname(said) === folder;
  return isInside ? said : join(folder, basename(id));
}

/** Of the page that an event tells of. */
function contextOf(method: string, { targetInfo }: Json): string | undefined {
  if (method !== 'Target.targetCreated') return undefined;
  const { browserContextId } = targetInfo as { readonly browserContextId?: string };
  return browserContextId;
}

/** The context, or all of Chrome, is gone already. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) throw error;
}
