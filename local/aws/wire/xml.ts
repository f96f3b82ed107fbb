const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** Text as XML content. Characters that XML 1.0 cannot hold at all become U+FFFD. */
export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters XML forbids
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** `<name>content</name>`, the content being markup already. */
export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

/** `<name>text</name>`, the text escaped. */
export const textElement = (name: string, text: string | number | boolean): string =>
  element(name, escapeXml(String(text)));
