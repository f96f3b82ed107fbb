/**
 * Whether dist/ is what the sources make. The build leaves dist/stamp.json: a digest of every file that went in, and of
 * every file that came out. Needs no build tool, so that a machine without them can tell as well.
 */
import { hash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';

export const STAMP = 'dist/stamp.json';
// What a build reads by looking for it: one more of them changes what comes out.
const FOUND_BY_NAME = [
  'functions/**/*.lambda.ts',
  '{controller,router}/index.ts',
  'pages/**/*.*',
  'terraform/modules/**/*.tf',
];
// What no metafile names: the contract is compiled, and the others change what bundling does.
const FIXED = ['functions/openapi.json', 'package.json', 'package-lock.json', 'tsconfig.json'];

const digestOf = (bytes) => hash('sha256', bytes);

function digestOfFile(root, path) {
  try {
    return digestOf(readFileSync(`${root}/${path}`));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** No edit of a file leaves all of this as it was: the system sets the time of a change, and nobody can set it back. */
function identityOf(root, path) {
  const stat = statSync(`${root}/${path}`, { throwIfNoEntry: false });
  return stat && `${stat.size} ${stat.ino} ${stat.mtimeMs} ${stat.ctimeMs}`;
}

export const filesFoundByName = (root) => globSync(FOUND_BY_NAME, { cwd: root });

/** The stamp of a build that has read `sources` (paths, besides those that every build reads) and written `outputs`. */
export function makeStamp(root, { sources, outputs }) {
  const fixed = FIXED.filter((path) => existsSync(`${root}/${path}`));
  const inputs = [...new Set([...sources, ...fixed, ...filesFoundByName(root)])].sort();
  return JSON.stringify({
    inputs: Object.fromEntries(inputs.map((path) => [path, digestOfFile(root, path)])),
    outputs: Object.fromEntries(
      [...outputs].map(([path, bytes]) => [path, [identityOf(root, path), digestOf(bytes)]]),
    ),
  });
}

/** A stamp that cannot be read says nothing about dist/. */
function readStamp(root) {
  try {
    return JSON.parse(readFileSync(`${root}/${STAMP}`, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const describe = (path, digest) => `${path} ${digest === undefined ? 'is gone' : 'has changed'}`;

function inputFault(root, inputs) {
  const added = filesFoundByName(root).find((path) => !Object.hasOwn(inputs, path));
  if (added !== undefined) return `${added} is new`;
  for (const [path, expected] of Object.entries(inputs)) {
    const digest = digestOfFile(root, path);
    if (digest !== expected) return describe(path, digest);
  }
  return undefined;
}

/** Reads only those outputs that somebody has touched: most of their 34 MB are source maps. */
function outputFault(root, outputs) {
  for (const [path, [identity, expected]] of Object.entries(outputs)) {
    if (identityOf(root, path) === identity) continue;
    const digest = digestOfFile(root, path);
    if (digest !== expected) return describe(path, digest);
  }
  return undefined;
}

/** Why dist/ has to be built, as words after "because"; undefined when it is fresh. */
export function whyStale(root) {
  const stamp = readStamp(root);
  if (stamp === undefined) return 'nothing is built';
  return inputFault(root, stamp.inputs) ?? outputFault(root, stamp.outputs);
}
