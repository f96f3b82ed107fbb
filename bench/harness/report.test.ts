import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mergeRuns, type PartRun } from './report.ts';

const t = suite('runs that are kept');

const run = (part: string, at: string): PartRun => ({
  part,
  at,
  tookSeconds: 1,
  load: [0, 0],
  results: [],
  notes: [],
});
const shown = (runs: readonly PartRun[]) => runs.map(({ part, at }) => `${part} ${at}`);

t('are replaced part by part, in the order of the parts', () => {
  const before = [run('relay', 'then'), run('create', 'then')];
  const now = [run('relay', 'now'), run('soak', 'now')];
  assert.equal(shown(mergeRuns(before, now, ['create', 'relay', 'routes', 'soak'])), [
    'create then',
    'relay now',
    'soak now',
  ]);
});

t('of a part that is no more are left out', () => {
  assert.equal(mergeRuns([run('old', 'then')], [], ['create']), []);
});

t.run();
