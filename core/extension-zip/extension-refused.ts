const MAX_SHOWN_CHARACTERS = 120;

/** The zip holds no extension that a browser here could load. Its message begins with "it" or with the entry's name. */
export class ExtensionRefusedError extends Error {
  override readonly name = 'ExtensionRefusedError';
}

/** What a stranger wrote, short enough to be repeated. */
export const shown = (text: string): string =>
  text
    .slice(0, MAX_SHOWN_CHARACTERS)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '?');

export const refusedEntry = (path: string, fault: string): ExtensionRefusedError =>
  new ExtensionRefusedError(`${JSON.stringify(shown(path))} was refused: ${fault}`);
