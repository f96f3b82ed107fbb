/** Which files are measured, and how long they are: lines as an editor counts them, blank ones included. */
import { globSync, readFileSync } from 'node:fs';

const IGNORED = new Set(['node_modules', 'dist', '.git', '.wallcrawler', '.terraform']);

/** What is there for tests only, their stand-ins included. */
export const isTest = (path) =>
  path.endsWith('.test.ts') || path.startsWith('tests/') || path.includes('/testing/');

/** All source files of the project, by path. */
export function readSources(root) {
  const paths = globSync('**/*.{ts,mjs,js}', { cwd: root, exclude: (name) => IGNORED.has(name) }).sort();
  return paths.map((path) => {
    const text = readFileSync(`${root}/${path}`, 'utf8');
    return { path, text, lines: text.split('\n').length - 1 };
  });
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** The value below which `share` of the values are. */
export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Lines of sources and of tests below one of `folders`; everywhere when there is none. */
export function countLines(sources, ...folders) {
  const own = sources.filter(
    ({ path }) => folders.length === 0 || folders.some((folder) => path.startsWith(`${folder}/`)),
  );
  const linesOf = (files) => sum(files.map(({ lines }) => lines));
  return {
    source: linesOf(own.filter(({ path }) => !isTest(path))),
    test: linesOf(own.filter(({ path }) => isTest(path))),
  };
}

/** Lines of a file of the product: {p90, max}. */
export function measureFiles(sources) {
  const lines = sources.filter(({ path }) => !isTest(path)).map((source) => source.lines);
  return { p90: percentile(lines, 0.9), max: Math.max(0, ...lines) };
}

// A number that is written out; one that is computed from the ladder is no clock of its own.
const CLOCK = /^(?:export )?const [A-Z][A-Z0-9_]*_(?:MS|SECONDS) = [\d_.\s*]+;/m;
const TIMING = 'core/domain/timing.ts';

/** Files in `folders` with a clock or a time-out of their own: an approximation, by the names of constants. */
export const findClocks = (sources, ...folders) =>
  sources
    .filter(({ path, text }) => path !== TIMING && !isTest(path) && CLOCK.test(text))
    .map(({ path }) => path)
    .filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)));
