import { once } from 'node:events';
import { createServer } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createHostResourcePool,
  cycle,
  type HostResources,
  PROXY_PORTS,
  TASK_UIDS,
} from './host-resources.ts';

const proxyHost = '127.0.0.1';
const isWithin = (value: number, { first, last }: { first: number; last: number }) =>
  value >= first && value <= last;

const t = suite('what a task has of this machine');

t('is a port of its own, and a user of its own where there are such', async () => {
  const pool = createHostResourcePool({ proxyHost, ownUsers: process.platform === 'linux' });
  const taken = await Promise.all(Array.from({ length: 5 }, () => pool.take()));
  const resources = taken.filter((each): each is HostResources => each !== undefined);
  assert.is(new Set(resources.map(({ hostPort }) => hostPort)).size, 5);
  for (const { hostPort, uid } of resources) {
    assert.ok(isWithin(hostPort, PROXY_PORTS));
    if (process.platform === 'linux') assert.ok(uid !== undefined && isWithin(uid, TASK_UIDS));
  }
});

t('is no user where we cannot give processes to others', async () => {
  const pool = createHostResourcePool({ proxyHost, ownUsers: false });
  assert.is((await pool.take())?.uid, undefined);
});

t('is no port that somebody else listens on', async () => {
  const pool = createHostResourcePool({ proxyHost, ownUsers: false });
  const { hostPort = 0 } = (await pool.take()) ?? {};
  const next = hostPort === PROXY_PORTS.last ? PROXY_PORTS.first : hostPort + 1;
  const stranger = createServer().listen(next, proxyHost);
  await once(stranger, 'listening');
  const resources = await pool.take();
  stranger.close();
  assert.is.not(resources?.hostPort, next);
  assert.is.not(resources?.hostPort, hostPort);
});

t('is a number of a range that goes round', () => {
  const numbers = cycle({ first: 5, last: 7 }, 6);
  assert.equal(
    Array.from({ length: 5 }, () => numbers.next().value),
    [6, 7, 5, 6, 7],
  );
});

t.run();
