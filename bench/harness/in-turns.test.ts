import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inTurns } from './in-turns.ts';

const t = suite('sides in turns');

const UNLIMITED = { limitMs: Number.POSITIVE_INFINITY };

t('go one after the other, round for round', async () => {
  const order: string[] = [];
  const side = (name: string) => async () => void order.push(name);
  await inTurns({ rounds: 3, ...UNLIMITED }, [side('a'), side('b')]);
  assert.is(order.join(''), 'ababab');
});

t('keep every sample under its name', async () => {
  let round = 0;
  const taken = await inTurns({ rounds: 2, ...UNLIMITED }, [
    async (take) => {
      take('create', ++round);
      take('total', round * 10);
    },
  ]);
  assert.equal(
    [taken.samples('create'), taken.samples('total'), taken.samples('other')],
    [[1, 2], [10, 20], []],
  );
});

t('count what failed, keep what it took until then, and go on', async () => {
  const taken = await inTurns({ rounds: 2, ...UNLIMITED }, [
    async (take) => {
      take('create', 1);
      throw new Error('no Chrome');
    },
    async (take) => take('bare', 2),
  ]);
  assert.equal(taken.failures, ['no Chrome', 'no Chrome']);
  assert.equal(
    [taken.samples('create'), taken.samples('bare')],
    [
      [1, 1],
      [2, 2],
    ],
  );
});

t('begin no round after their time', async () => {
  const taken = await inTurns({ rounds: 100, limitMs: 0 }, [async (take) => take('a', 1)]);
  assert.is(taken.samples('a').length, 0);
});

t.run();
