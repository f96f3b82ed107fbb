/**
 * What others wrote of what is deployed, as a software bill of materials (CycloneDX 1.6): each package that a bundle holds a
 * file of, with its version, its licence and the hash that the lockfile has of it. The same sources make the same bytes.
 */
import { readFileSync } from 'node:fs';

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const BUNDLES = 'wallcrawler:bundles';

export const SBOM = 'dist/sbom.cdx.json';

const purlOf = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

function componentOf(
  path,
  { name = path.split('node_modules/').at(-1), version, license, integrity },
  bundles,
) {
  const [algorithm, hash] = integrity.split('-');
  return {
    type: 'library',
    'bom-ref': purlOf(name, version),
    name,
    version,
    purl: purlOf(name, version),
    licenses: [{ expression: license }],
    hashes: [{ alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(hash, 'base64').toString('hex') }],
    properties: [{ name: BUNDLES, value: [...bundles].sort().join(' ') }],
  };
}

/** The folders of packages, each with the bundles that hold something of it. */
function findPackages(inputsByBundle) {
  const found = new Map();
  for (const [bundle, inputs] of inputsByBundle) {
    for (const input of inputs) {
      const path = PACKAGE.exec(input)?.[1];
      if (path !== undefined) found.set(path, (found.get(path) ?? new Set()).add(bundle));
    }
  }
  return found;
}

/** `inputsByBundle`: pairs of a bundle's name and the paths of its sources. */
export function makeSbom(root, inputsByBundle) {
  // A lockfile that holds nothing is one too.
  const { packages = {} } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8'));
  const { name, version, license } = packages[''] ?? {};
  const found = [...findPackages(inputsByBundle)].sort(([one], [other]) => (one < other ? -1 : 1));
  const unknown = found.filter(([path]) => packages[path]?.integrity === undefined).map(([path]) => path);
  if (unknown.length > 0) throw new Error(`package-lock.json has no hash of ${unknown.join(', ')}`);
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { type: 'application', name, version, licenses: license ? [{ expression: license }] : [] },
    },
    components: found.map(([path, bundles]) => componentOf(path, packages[path], bundles)),
  };
}
