const PAIRS: Readonly<Record<string, string>> = { '(': ')', '{': '}' };

/** What stands between the bracket at `open` and the one that closes it. */
export function inBrackets(text: string, open: number): string {
  const opening = text[open] ?? '';
  const closing = PAIRS[opening];
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    if (text[index] === opening) depth += 1;
    if (text[index] === closing) depth -= 1;
    if (depth === 0) return text.slice(open + 1, index);
  }
  return text.slice(open + 1);
}

/** What stands in the brackets that the matches of `pattern` end with. */
export const eachInBrackets = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => inBrackets(text, match.index + match[0].length - 1));
