import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { createLookups } from './lookups.ts';

const LIMITS = { lookups: 2, lookupKeptMs: 1_000, lookupsKept: 3 };
const t = suite('look-ups of names');

function counted(limits = LIMITS) {
  const clock = createManualClock();
  const asked: string[] = [];
  const gates: (() => void)[] = [];
  const lookup = createLookups(
    async (host) => {
      asked.push(host);
      if (host.startsWith('slow')) await new Promise<void>((resolve) => gates.push(resolve));
      if (host === 'bad') throw new Error('ENOTFOUND');
      return [{ address: '1.1.1.1', family: 4 }];
    },
    clock,
    limits,
  );
  return { lookup, asked, clock, gates };
}

t('are kept for a while, and failures are not', async () => {
  const { lookup, asked, clock } = counted();
  await lookup('a');
  await lookup('a');
  clock.advance(1_000);
  await lookup('a');
  for (const _ of [1, 2]) await lookup('bad').catch(() => undefined);
  assert.equal(asked, ['a', 'a', 'bad', 'bad']);
});

t('of one name are one, while it is asked', async () => {
  const { lookup, asked } = counted();
  await Promise.all([lookup('a'), lookup('a')]);
  assert.equal(asked, ['a']);
});

t('are so many at once, and the others wait', async () => {
  const { lookup, asked, gates } = counted();
  const all = ['slow1', 'slow2', 'slow3'].map((host) => lookup(host));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked, ['slow1', 'slow2']);
  gates.shift()?.();
  await all[0];
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked, ['slow1', 'slow2', 'slow3']);
  for (const open of gates) open();
  await Promise.all(all);
});

t('are kept of so many names', async () => {
  const { lookup, asked } = counted();
  for (const host of ['a', 'b', 'c', 'd', 'd', 'a']) await lookup(host);
  assert.equal(asked, ['a', 'b', 'c', 'd', 'a']);
});

t.run();
