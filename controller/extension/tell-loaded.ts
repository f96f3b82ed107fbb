import { type ChromeConnection, ChromeGoneError, ChromeRefusedError } from '../chrome/connection.ts';
import type { Emit } from '../events/event-reporter.ts';

interface KnownExtension {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** Tells that the extension works, by the name that Chrome shows for it: in a manifest it may be a word of a translation. */
export async function tellLoaded(
  connection: Pick<ChromeConnection, 'call'>,
  { extensionId, chromeId }: { readonly extensionId: string; readonly chromeId: string },
  emit: Emit,
): Promise<void> {
  const found = await find(connection, chromeId);
  const { name, version } = found ?? {};
  emit('extension.loaded', {
    extensionId,
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
  });
}

async function find(
  connection: Pick<ChromeConnection, 'call'>,
  chromeId: string,
): Promise<KnownExtension | undefined> {
  try {
    const { extensions } = await connection.call('Extensions.getExtensions');
    return (extensions as readonly KnownExtension[]).find(({ id }) => id === chromeId);
  } catch (error) {
    // It is loaded all the same.
    if (error instanceof ChromeRefusedError || error instanceof ChromeGoneError) return undefined;
    throw error;
  }
}
