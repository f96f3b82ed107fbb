/** `--help` of the scripts that work on an installation. */
import { readFileSync } from 'node:fs';

const HEADER = /^\/\*\*\n(.*?)\n \*\//s;

/** Prints the header of the script at `url`, where its usage is written down, if `args` ask for it; says whether they do. */
export function showHelp(url, args) {
  if (!args.includes('--help')) return false;
  const [, header] = HEADER.exec(readFileSync(new URL(url), 'utf8')) ?? [];
  if (header === undefined) throw new Error(`${url} does not begin with a comment that could be shown`);
  console.log(header.replace(/^ \* ?/gm, ''));
  return true;
}
