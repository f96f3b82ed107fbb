/** The dependency rule: which part of the tree may know which. Paths are relative to the root, with slashes. */

// What an area may import besides itself; `core/*` is every area of core. Areas that have no rule by their own name have
// that of `<top>/*`. What is not named at all (tests, bench, scripts) may import anything.
const ARROWS = {
  'core/domain': [],
  'core/*': ['core/*'],
  'functions/*': ['core/*', 'functions/'],
  // It serves a page.
  'functions/recordings': ['core/*', 'functions/', 'dist'],

  // chrome <- relay, live <- proxy <- lifecycle. Chrome's side of the container knows nothing of HTTP.
  'controller/chrome': ['core/domain', 'core/log'],
  'controller/relay': ['core/domain', 'core/log', 'core/testing', 'controller/chrome'],
  'controller/live': ['core/*', 'controller/chrome', 'dist'],
  'controller/cast': ['core/*', 'controller/chrome'],
  'controller/uploads': ['core/domain'],
  'controller/proxy': [
    'core/*',
    'controller/chrome',
    'controller/relay',
    'controller/live',
    'controller/cast',
    'controller/uploads',
  ],
  // How the platform is asked, and what it has said: neither knows who acts on it.
  'controller/container-api': ['core/*'],
  'controller/assignment': ['core/*', 'controller/container-api', 'controller/chrome'],
  'controller/events': ['core/*', 'controller/container-api', 'controller/chrome'],
  'controller/downloads': ['core/*', 'controller/container-api', 'controller/chrome'],
  'controller/recording': ['core/*', 'controller/container-api', 'controller/chrome'],
  'controller/logs': ['core/*', 'controller/container-api', 'controller/chrome'],
  'controller/profile': ['core/*', 'controller/container-api', 'controller/chrome'],
  'controller/extension': ['core/*', 'controller/container-api', 'controller/chrome', 'controller/profile'],
  'controller/egress': ['core/*', 'controller/chrome'],
  'controller/certificates': ['core/*', 'controller/container-api', 'controller/chrome'],
  'controller/lifecycle': ['core/*', 'controller/*'],
  'controller/testing': ['core/*', 'controller/*', 'controller'],
  controller: ['core/*', 'controller/*'],

  router: ['core/*'],
  'terraform/reader': [],
  local: ['core/*', 'functions/', 'terraform/reader'],
  // The tables are administered from below the API; every other app is a client of it.
  'apps/admin': ['core/*', 'local'],
  'apps/client': ['functions/'],
  'apps/*': ['apps/client'],
  edge: [],
  // What runs in a person's browser knows nothing of ours but the shape of what it is sent.
  pages: ['core/domain'],
};
// Folders of which each part is an area.
const DIVIDED = ['core', 'controller', 'apps', 'terraform'];
const ENVIRONMENT_READERS =
  /(^|\/)index\.ts$|\.lambda\.ts$|\.test\.ts$|\/testing\/|^(scripts|tests|bench|examples)\//;

// The bench measures what it starts; like a test, nothing that is shipped imports it.
const isTest = (path) => path.endsWith('.test.ts') || /^(tests|bench)\//.test(path);
const isTesting = (path) => path.includes('/testing/');

/** The part of the tree that `path` belongs to; every folder of functions/ is one of its own. */
export function areaOf(path) {
  const [top, folder, file] = path.split('/');
  // Files right in functions/ (openapi.json, shared declarations) are the folder `functions/`.
  if (top === 'functions') return file === undefined ? 'functions/' : `functions/${folder}`;
  if (DIVIDED.includes(top) && file !== undefined) return `${top}/${folder}`;
  return folder === undefined ? '' : top;
}

const wildcardOf = (area) => `${area.split('/')[0]}/*`;
const matches = (pattern, area) =>
  pattern === area || (pattern === wildcardOf(area) && area.includes('/') && area !== 'functions/');

function mayImport(from, to) {
  const allowed = ARROWS[from] ?? ARROWS[wildcardOf(from)];
  return from === to || allowed === undefined || allowed.some((pattern) => matches(pattern, to));
}

/** A part of a folder whose parts are told apart would otherwise be free to know everything. */
const hasRule = (area) =>
  !area.startsWith('controller/') || Object.hasOwn(ARROWS, area) || Object.hasOwn(ARROWS, wildcardOf(area));

/** What is wrong with `path` importing `target` (a path, or the name of a package or built-in), or undefined. */
export function importFault(path, target, isPackage) {
  if (isPackage) return packageFault(path, target);
  if (target.endsWith('.test.ts')) return 'nobody imports a test';
  if (isTesting(target)) return testingFault(path, target);
  const [from, to] = [areaOf(path), areaOf(target)];
  if (!hasRule(from)) return `${from} has no rule in scripts/import-rules.mjs`;
  return mayImport(from, to) ? undefined : `${from} may not import ${to || 'the root'}`;
}

/** What stands in for a part is for the tests of that part, of its neighbours, and of those that know it. */
function testingFault(path, target) {
  if (!isTest(path) && !isTesting(path)) return 'testing/ is for tests and the bench only';
  const [from, to] = [areaOf(path), areaOf(target)];
  const isNeighbour = from.split('/')[0] === to.split('/')[0];
  return isNeighbour || mayImport(from, to) ? undefined : `${from} may not import ${to}`;
}

function packageFault(path, name) {
  if (areaOf(path) !== 'core/domain' || isTest(path)) return undefined;
  return `core/domain imports nothing but itself, not ${name}`;
}

/** What is wrong with `input` being in the bundle of `entry`, or undefined. */
export function inputFault(entry, input) {
  if (input.endsWith('.test.ts') || isTesting(input)) return 'test code is never in a bundle';
  const [from, to] = [areaOf(entry), areaOf(input)];
  return mayImport(from, to) ? undefined : `a bundle of ${from} may not hold ${to || 'the root'}`;
}

/** Whether this file may read process.env: values come in at the edge, once. */
export const mayReadEnvironment = (path) => ENVIRONMENT_READERS.test(path);
