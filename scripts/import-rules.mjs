/** The dependency rule: which part of the tree may know which. Paths are relative to the root, with slashes. */

// What an area may import besides itself. Areas that are not named here (tests, bench, scripts) may import anything.
const ARROWS = {
  'core/domain': [],
  core: ['core/domain', 'core'],
  functions: ['core/domain', 'core'],
  controller: ['core/domain', 'core'],
  router: ['core/domain', 'core'],
  local: ['core/domain', 'core', 'functions/', 'terraform/reader'],
  'terraform/reader': [],
  'apps/admin': ['core/domain', 'core', 'local'],
  edge: [],
};
const ENVIRONMENT_READERS =
  /(^|\/)index\.ts$|\.lambda\.ts$|\.test\.ts$|\/testing\/|^(scripts|tests|bench|examples)\//;

const isTest = (path) => path.endsWith('.test.ts') || path.startsWith('tests/');
const isTesting = (path) => path.includes('/testing/');

/** The part of the tree that `path` belongs to; every folder of functions/ is one of its own. */
export function areaOf(path) {
  const [top, folder, file] = path.split('/');
  if (top === 'core') return folder === 'domain' ? 'core/domain' : 'core';
  if (top === 'apps' || top === 'terraform') return `${top}/${folder}`;
  // Files right in functions/ (openapi.json, shared declarations) are the folder `functions/`.
  if (top === 'functions') return file === undefined ? 'functions/' : `functions/${folder}`;
  return folder === undefined ? '' : top;
}

const isFunction = (area) => area.startsWith('functions/');

function mayImport(from, to) {
  if (from === to || (isFunction(from) && to === 'functions/')) return true;
  const allowed = ARROWS[isFunction(from) ? 'functions' : from];
  return allowed === undefined || allowed.includes(to);
}

/** What is wrong with `path` importing `target` (a path, or the name of a package or built-in), or undefined. */
export function importFault(path, target, isPackage) {
  if (isPackage) return packageFault(path, target);
  if (target.endsWith('.test.ts')) return 'nobody imports a test';
  if (isTesting(target) && !isTest(path) && !isTesting(path)) return 'testing/ is for tests only';
  const [from, to] = [areaOf(path), areaOf(target)];
  return mayImport(from, to) ? undefined : `${from} may not import ${to || 'the root'}`;
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
