import { once } from 'node:events';
import { createServer } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canBind, createNumberRange } from './ranges.ts';

const ranges = suite('number ranges');

ranges('go round, leave out what is taken, and end when all is', async () => {
  const range = createNumberRange({ first: 5, last: 8 }, 7);
  const isFree = (candidate: number) => candidate !== 8;
  const taken = [
    await range.next(isFree),
    await range.next(isFree),
    await range.next(isFree),
    await range.next(isFree),
  ];
  assert.equal(taken, [7, 5, 6, 7]);
  assert.is(await range.next(() => false), undefined);
});

ranges('see a port that another process listens on', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  assert.not(await canBind(port, '127.0.0.1'));
  other.close();
  await once(other, 'close');
  assert.ok(await canBind(port, '127.0.0.1'));
});

ranges.run();
