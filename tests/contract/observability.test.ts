/** docs/observability.md says what is logged and counted, and no more. */
import { globSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LOG_EVENTS } from '../../core/domain/log-events.ts';
import { METRICS, type Metric } from '../../core/domain/metrics.ts';
import { tableRows } from './support/markdown.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');
const page = read('docs/observability.md');
const sources = globSync(['{core,functions,controller,router}/**/*.ts'], { cwd: ROOT })
  .filter((path) => !path.endsWith('.test.ts') && !path.includes('/testing/'))
  .map((path) => [path, read(path)] as const);

const t = suite('the page of observability');

t('has every event, by whom and about what, in the order of the catalogue', () => {
  const written = tableRows(page)
    .map(([name = '', by, about]) => [name.replaceAll('`', ''), by, about])
    .filter(([name = '']) => name in LOG_EVENTS);
  assert.equal(
    written,
    Object.entries(LOG_EVENTS).map(([name, { by, about }]) => [name, by, about]),
  );
});

t('has no event that nobody logs', () => {
  const logged = sources.flatMap(([, text]) =>
    [...text.matchAll(/logEvent\([^,]+,\s*'([a-z.]+)'/g)].map(([, name]) => name),
  );
  assert.equal([...new Set(logged)].sort(), Object.keys(LOG_EVENTS).sort());
});

t('has every metric, with its unit, its line, its dimensions and its labels', () => {
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  const dimensionsOf = ({ dimensions }: Metric) => {
    const sets = dimensions.map((fields) => code(fields) || 'none').join('; ');
    return sets === 'none' ? '' : sets;
  };
  const written = tableRows(page).filter(([name = '']) => name.replaceAll('`', '') in METRICS && name !== '');
  assert.equal(
    written.map(([name, unit, from, , dimensions, labels]) => [name, unit, from, dimensions, labels]),
    Object.entries(METRICS as Readonly<Record<string, Metric>>).map(([name, metric]) => [
      code([name]),
      metric.unit,
      code([metric.from]),
      dimensionsOf(metric),
      code(metric.labels),
    ]),
  );
});

t.run();
