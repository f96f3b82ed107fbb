import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCommand } from './command-line.ts';

const t = suite('the command line of the bench');

const KNOWN = ['create-cold', 'relay'];
const read = (...args: string[]) => readCommand(args, KNOWN);

t('without anything is the default run', () => {
  assert.equal(read(), { parts: [], check: false, json: false, write: false, effort: 1, limitMs: 120_000 });
});

t('names parts, and options in any order', () => {
  const { parts, check, effort, limitMs } = read(
    'relay',
    '--check',
    'create-cold',
    '--effort',
    '0.5',
    '--limit-seconds=30',
  );
  assert.equal([parts, check, effort, limitMs], [['relay', 'create-cold'], true, 0.5, 30_000]);
});

t('refuses what it does not know, and says what there is', () => {
  assert.throws(() => read('memry'), 'There is no bench of memry: there are create-cold, relay');
  assert.throws(() => read('--chek'));
  for (const bad of ['0', '-1', 'many', 'Infinity'])
    assert.throws(() => read('--effort', bad), /--effort is a number above 0|ambiguous/);
});

t.run();
