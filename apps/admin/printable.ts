// Controls of 7 and 8 bits, formats (the direction of text among them), halves of characters, and line breaks: what is
// printed here goes to terminals.
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const ALL_UNPRINTABLE = new RegExp(UNPRINTABLE.source, 'gu');

/** What strangers wrote, harmless in a terminal: a replacement character for each that would act on it. */
export const printable = (text: string): string => text.replace(ALL_UNPRINTABLE, '\ufffd');

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON as JSON.stringify writes it, with every such character escaped: the value that is read is the same. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).replace(ALL_UNPRINTABLE, (character) =>
    character === '\n' ? character : [...character.split('')].map(escapeUnit).join(''),
  );
