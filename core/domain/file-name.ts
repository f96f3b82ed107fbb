const MAX_BYTES = 255;

/**
 * What a file is called here whose sender calls it `given`: the last part of a path, in one spelling of its letters (NFC),
 * without control characters and without a dot in front. Undefined when nothing is left of it, or more than a file
 * system takes.
 */
export function fileNameOf(given: string): string | undefined {
  const base = given.slice(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
  const name = base
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/\p{Cc}/gu, '')
    .replace(/^[.\s]+/, '')
    .trimEnd();
  return name === '' || Buffer.byteLength(name) > MAX_BYTES ? undefined : name;
}
