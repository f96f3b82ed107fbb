/** What others wrote: which packages, under which licences, from where, and that none runs a script when it is installed. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const ROOT = join(import.meta.dirname, '..', '..');
const json = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/** They ask for a notice at most. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'];
const HASH = /^sha512-[A-Za-z0-9+/]{86}==$/;

interface Locked {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
}
interface Component {
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly { readonly expression: string }[];
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
  readonly properties: readonly { readonly value: string }[];
}

const packages = suite('packages of others');
const locked = Object.entries(json('package-lock.json').packages as Record<string, Locked>).filter(
  ([path]) => path !== '',
);
const components = json('dist/sbom.cdx.json').components as readonly Component[];

function isAtLeast(version: string, least: string): boolean {
  const [ours = [], theirs = []] = [version, least].map((each) => each.split('.').map(Number));
  const at = ours.findIndex((number, index) => number !== theirs[index]);
  return at === -1 || (ours[at] ?? 0) > (theirs[at] ?? 0);
}

packages('are each one version, named exactly', () => {
  const { dependencies, devDependencies, optionalDependencies } = json('package.json');
  const wanted = { ...dependencies, ...devDependencies, ...optionalDependencies } as Record<string, string>;
  const loose = Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  assert.equal(loose, []);
});

packages('are known by their hash, whichever registry they come from', () => {
  assert.ok(locked.length > 100);
  for (const [path, { resolved, integrity = '' }] of locked) {
    assert.is(resolved, undefined, `${path}: neither a host, nor a repository`);
    assert.match(integrity, HASH, path);
  }
});

packages('run no script when they are installed', () => {
  assert.match(readFileSync(join(ROOT, '.npmrc'), 'utf8'), /^ignore-scripts=true$/m);
});

packages('that are deployed are in the bill of materials, with licence and hash', () => {
  assert.ok(components.length > 30);
  for (const { name, version, licenses, hashes } of components) {
    const inLock = locked.find(
      ([path, each]) => path.endsWith(`node_modules/${name}`) && each.version === version,
    );
    assert.ok(inLock, name);
    assert.is(licenses.length, 1, name);
    const [hash] = hashes;
    const integrity = `sha512-${Buffer.from(hash?.content ?? '', 'hex').toString('base64')}`;
    assert.equal([hash?.alg, integrity], ['SHA-512', inLock?.[1].integrity], name);
  }
});

packages('are no older than the fix of their last known fault', () => {
  const rows = readFileSync(join(ROOT, 'docs/packages.md'), 'utf8').matchAll(
    /^\| `(?<name>[^`]+)`[^|]*\| (?<fixed>\S+) \| (?<told>\S+) \|/gm,
  );
  const known = [...rows].flatMap(({ groups }) => (groups === undefined ? [] : [groups]));
  assert.ok(known.length >= 19);
  for (const { name, fixed = '', told } of known) {
    const versions = locked.filter(([path]) => path.endsWith(`node_modules/${name}`));
    assert.ok(
      versions.some(([, { version }]) => version === told),
      `${name}: the table says ${told}`,
    );
    for (const [path, { version }] of versions) assert.ok(isAtLeast(version, fixed), `${path} ${version}`);
  }
});

packages('that are deployed ask for a notice at most', () => {
  const others = components.filter(({ licenses }) => !PERMISSIVE.includes(licenses[0]?.expression ?? ''));
  assert.equal(
    others.map(({ name }) => name),
    [],
  );
});

packages('in the bill of materials are those that the bundles hold', () => {
  const bundled = globSync('dist/meta/*.json', { cwd: ROOT }).flatMap((path) => {
    const { outputs } = json(path) as { outputs: Record<string, { inputs: Record<string, unknown> }> };
    return Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  });
  const names = bundled.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const listed = new Set(components.map(({ name }) => name));
  assert.ok(names.length > 0);
  assert.equal(
    [...new Set(names)].filter((name) => !listed.has(name)),
    [],
  );
});

packages.run();
