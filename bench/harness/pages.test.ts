import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { longSentences } from '../../tests/contract/support/markdown.ts';
import { PARTS } from '../parts.ts';
import { resultOf } from './figure.ts';
import { renderReport, writeInto } from './pages.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

const t = suite('the page of the bench');

t('has a place that is written again and again, and the rest stays', () => {
  const once = writeInto(README, 'first');
  const twice = writeInto(once, 'second');
  assert.match(twice, 'second');
  assert.not.match(twice, /^first$/m);
  assert.is(writeInto(twice, 'first'), once);
  assert.throws(() => writeInto('# another page', 'x'));
});

t('names every part', () => {
  assert.equal(
    PARTS.filter(({ name }) => !README.includes(`\`${name}\``)).map(({ name }) => name),
    [],
  );
});

t('has no sentence of more than 30 words', () => {
  assert.equal(longSentences(writeInto(README, ''), 30), []);
});

t('says the machine, the figures, what was noted, and how busy it was', () => {
  const text = renderReport(
    {
      machine: { processor: 'A processor', cores: 2, memoryGb: 24, node: 'v24', chrome: 'Chromium 156' },
      runs: [
        {
          part: 'relay',
          at: '2026-11-29T00:03:07.000Z',
          tookSeconds: 31,
          load: [0.4, 2.1],
          results: [resultOf({ name: 'relay.round-trip', unit: 'ms', samples: [0.2] })],
          notes: ['relay: noted'],
        },
      ],
    },
    [],
  );
  for (const part of [
    'A processor, 2 cores, 24 GB, Node v24, Chromium 156',
    '| relay.round-trip | ms ',
    '- relay: noted',
    '- relay: 2026-11-29 00:03 UTC, 31 s, load 0.4 before and 2.1 after',
  ])
    assert.match(text, part);
});

t.run();
