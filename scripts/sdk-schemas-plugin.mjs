import { readFile } from 'node:fs/promises';

// A client's schemas of all its operations are one file.
const SCHEMAS = /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;
const STRING_CONSTANT = /^const (\w+) = ("[^"\\]*");$/gm;
const COMPUTED_KEY = /\[(\w+)\]:/g;

/** `{ [_xN]: 1 }` with `const _xN = "xmlName";` becomes `{ "xmlName": 1 }`. */
export function inlineKeys(source) {
  const constants = new Map([...source.matchAll(STRING_CONSTANT)].map(([, name, text]) => [name, text]));
  return source.replace(COMPUTED_KEY, (all, name) => (constants.has(name) ? `${constants.get(name)}:` : all));
}

/**
 * Lets esbuild drop the schemas of operations that a bundle does not call. A computed key could run code, so esbuild
 * keeps every literal that has one; the AWS SDK names XML elements that way, and with one call of EC2 came the schemas of
 * all its 800 operations.
 */
export const sdkSchemasPlugin = Object.freeze({
  name: 'sdk-schemas',
  setup(build) {
    build.onLoad({ filter: SCHEMAS }, async ({ path }) => ({
      contents: inlineKeys(await readFile(path, 'utf8')),
      loader: 'js',
    }));
  },
});
