import { withTimeout } from '../../core/server/with-timeout.ts';
import { type ChromeConnection, ChromeRefusedError } from '../chrome/connection.ts';
import { ExtensionNotLoadedError } from './extension-not-loaded.ts';

const LOAD_MS = 10_000;

/** Loads the extension in a folder into a running Chrome, without a flag. Rejects with an ExtensionNotLoadedError. */
export async function loadExtension(
  connection: Pick<ChromeConnection, 'call'>,
  folder: string,
  timeoutMs = LOAD_MS,
): Promise<string> {
  const loading = connection.call('Extensions.loadUnpacked', { path: folder }).catch((error: Error) => {
    if (!(error instanceof ChromeRefusedError)) throw error;
    // It may name its folder, which is nobody's business.
    const why = error.message.replaceAll(folder, '').trim();
    throw new ExtensionNotLoadedError(`Chrome says: ${why}`, { cause: error });
  });
  const answer = await withTimeout(loading, timeoutMs);
  if (answer === undefined)
    throw new ExtensionNotLoadedError(`Chrome did not load it within ${timeoutMs} ms`);
  return String(answer.id);
}
