import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PublicKeys } from '../core/tokens/tokens.ts';
import { createPublicKeys } from './public-keys.ts';

function source() {
  const published = { keys: { a: 'A' } as PublicKeys | Error, reads: 0, nowMs: 0 };
  const keys = createPublicKeys({
    read: async () => {
      published.reads += 1;
      if (published.keys instanceof Error) throw published.keys;
      return published.keys;
    },
    clock: {
      now: () => published.nowMs,
      setTimer(delayMs, run) {
        published.nowMs += delayMs;
        setImmediate(run);
        return () => assert.unreachable('no wait of these is given up');
      },
    },
    limits: { maxKeyAgeMs: 300_000, minKeyAgeMs: 1_000, maxWaitingForKey: 1_000 },
  });
  return { published, keys };
}

const publicKeys = suite('createPublicKeys');

publicKeys('reads once for many tokens', async () => {
  const { published, keys } = source();
  const all = await Promise.all([keys.having('a'), keys.having('a'), keys.having('a')]);
  assert.equal(all[2], { a: 'A' });
  assert.is(published.reads, 1);
});

publicKeys(
  'the first token of a new key is taken, also right after a read that did not have it',
  async () => {
    const { published, keys } = source();
    await keys.having('a');
    published.keys = { a: 'A', b: 'B' };
    const both = await Promise.all([keys.having('b'), keys.having('b')]);
    assert.equal(both, [published.keys, published.keys]);
    assert.is(published.reads, 2);
    assert.is(published.nowMs, 1_000, 'it waited until a read was due');
  },
);

publicKeys('so many may wait for a key, and the next one is asked to come again', async () => {
  const { published, keys } = source();
  await keys.having('a');
  const waiting = Array.from({ length: 1000 }, (_, token) => keys.having(`made-up-${token}`));
  const oneMore = await keys.having('one-more').catch((error: Error) => error);
  assert.is((oneMore as Error).message, 'Too many tokens name keys that are not known yet');
  assert.equal(await keys.having('a'), { a: 'A' }, 'a known key waits for nobody');
  await Promise.all(waiting);
  published.keys = { a: 'A', b: 'B' };
  assert.equal(await keys.having('b'), published.keys, 'there is room again');
});

publicKeys('made-up keys share a read, and there is one a second at most', async () => {
  const { published, keys } = source();
  await keys.having('a');
  const madeUp = Array.from({ length: 1000 }, (_, token) => keys.having(`made-up-${token}`));
  assert.equal((await Promise.all(madeUp)).at(-1), { a: 'A' });
  assert.is(published.reads, 2);
  assert.is(published.nowMs, 1_000);
});

publicKeys('a key that is gone is refused after five minutes', async () => {
  const { published, keys } = source();
  await keys.having('a');
  published.keys = { b: 'B' };
  published.nowMs = 299_999;
  assert.ok('a' in (await keys.having('a')));
  published.nowMs = 300_000;
  assert.not.ok('a' in (await keys.having('a')));
});

publicKeys('a read that failed is not remembered', async () => {
  const { published, keys } = source();
  published.keys = new Error('no table');
  await keys.having('a').then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, 'no table'),
  );
  published.keys = { a: 'A' };
  assert.equal(await keys.having('a'), { a: 'A' });
});

publicKeys('a failed read ends the wait of all who shared it, and of nobody after them', async () => {
  const { published, keys } = source();
  await keys.having('a');
  published.keys = new Error('no table');
  const waiting = await Promise.allSettled([keys.having('b'), keys.having('c')]);
  assert.equal(
    waiting.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.is(published.reads, 2);
  published.keys = { a: 'A', b: 'B' };
  assert.equal(await keys.having('b'), published.keys);
});

publicKeys('a made-up key is named like what every object has, and is unknown all the same', async () => {
  const { published, keys } = source();
  await keys.having('a');
  for (const name of ['constructor', '__proto__', 'hasOwnProperty']) await keys.having(name);
  assert.is(published.reads, 4, 'each was looked for');
});

publicKeys('known keys are answered at once while somebody waits for another', async () => {
  const { published, keys } = source();
  await keys.having('a');
  const order: string[] = [];
  const unknown = keys.having('b').then(() => order.push('b'));
  await keys.having('a').then(() => order.push('a'));
  assert.equal(order, ['a']);
  await unknown;
  assert.is(published.reads, 2);
});

publicKeys.run();
