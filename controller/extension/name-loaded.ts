import { type ChromeConnection, ChromeGoneError, ChromeRefusedError } from '../chrome/connection.ts';

export interface LoadedName {
  readonly name?: string;
  readonly version?: string;
}

/** What Chrome shows for a loaded extension: in its manifest the name may be a word of a translation. Nothing where it does not say. */
export async function nameLoaded(
  connection: Pick<ChromeConnection, 'call'>,
  chromeId: string,
): Promise<LoadedName> {
  try {
    const { extensions } = await connection.call('Extensions.getExtensions');
    const all = extensions as readonly {
      readonly id: string;
      readonly name: string;
      readonly version: string;
    }[];
    const found = all.find(({ id }) => id === chromeId);
    return found === undefined ? {} : { name: found.name, version: found.version };
  } catch (error) {
    // It is loaded all the same.
    if (error instanceof ChromeRefusedError || error instanceof ChromeGoneError) return {};
    throw error;
  }
}
