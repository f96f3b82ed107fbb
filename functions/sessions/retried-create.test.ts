/** A client that gives up and asks again, as the SDKs do: without a key, with a count of its tries. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CREATE_RETRY } from '../../core/domain/timing.ts';
import { createRetryPlatform, idOf, settle } from './testing/retry-platform.ts';

/** What the SDK sends with its try of that number, on a machine of that address. */
const attempt = (count: number, { seconds = 5, address = '192.0.2.1' } = {}) => ({
  'x-stainless-retry-count': String(count),
  'x-stainless-timeout': String(seconds),
  'x-stainless-lang': 'js',
  'user-agent': 'Browserbase/JS 2.21.0',
  'x-forwarded-for': address,
  'x-bb-api-key': 'key',
});

const retry = suite('a retry of a create');

retry('has the session of the first, whose caller was seen to leave', async () => {
  const { send, ready, pass, sessions } = createRetryPlatform();
  const first = send(attempt(0));
  await settle();
  first.leave();
  await pass(500);
  const second = send(attempt(1));
  await settle();
  ready('s1');
  assert.is(await idOf(second), 's1');
  assert.is(sessions.size, 1);
  await pass(2 * CREATE_RETRY.graceMs);
  assert.is(sessions.get('s1')?.status, 'READY', 'and it stays');
});

retry('has it where nobody sees callers leave, by the time that the first said it would wait', async () => {
  const { send, ready, pass, sessions } = createRetryPlatform();
  send(attempt(0));
  await pass(5_500);
  const second = send(attempt(1));
  await pass(600);
  ready('s1');
  await settle();
  assert.is(await idOf(second), 's1');
  assert.is(sessions.size, 1);
});

retry('of a retry has it as well', async () => {
  const { send, ready, pass, sessions } = createRetryPlatform();
  for (const count of [0, 1]) {
    const sent = send(attempt(count, { seconds: 0 }));
    await pass(300);
    sent.leave();
    await pass(700);
  }
  const third = send(attempt(2, { seconds: 0 }));
  await settle();
  ready('s1');
  assert.is(await idOf(third), 's1');
  assert.is(sessions.size, 1);
});

retry('has a session that was ready only after its caller had gone', async () => {
  const { send, ready, pass } = createRetryPlatform();
  send(attempt(0));
  await pass(6_100);
  ready('s1');
  await pass(100);
  assert.is(await idOf(send(attempt(1))), 's1');
});

retry('never has a session whose caller may still wait', async () => {
  const { send, ready, pass, live } = createRetryPlatform();
  const honest = send(attempt(0, { seconds: 60 }));
  await pass(5_000);
  const second = send(attempt(1, { seconds: 60 }));
  await settle();
  for (const id of ['s1', 's2']) ready(id);
  assert.equal([await idOf(honest), await idOf(second)], ['s1', 's2']);
  assert.is(live().length, 2);
});

retry('never has a session that was answered in time, though no client has come yet', async () => {
  const { send, ready, pass } = createRetryPlatform();
  const honest = send(attempt(0));
  await settle();
  ready('s1');
  assert.is(await idOf(honest), 's1');
  await pass(6_000);
  const second = send(attempt(1));
  await settle();
  ready('s2');
  assert.is(await idOf(second), 's2');
});

retry('never has a session that a client drives, or that was ended', async () => {
  for (const change of [{ status: 'ACTIVE' }, { status: 'TERMINATING', endReason: 'released' }] as const) {
    const { send, pass, sessions, ready } = createRetryPlatform();
    send(attempt(0));
    await pass(5_900);
    const first = sessions.get('s1');
    assert.ok(first);
    sessions.set('s1', { ...first, address: { host: 'h', port: 1 }, ...change });
    await pass(200);
    const second = send(attempt(1));
    await settle();
    ready('s2');
    assert.is(await idOf(second), 's2', change.status);
  }
});

for (const [what, headers] of [
  ['another address', attempt(1, { address: '192.0.2.2' })],
  ['another key', { ...attempt(1), 'x-bb-api-key': 'other' }],
  ['another program', { ...attempt(1), 'user-agent': 'Browserbase/Python' }],
] as const) {
  retry(`of ${what} has a session of its own`, async () => {
    const { send, ready, pass } = createRetryPlatform();
    const first = send(attempt(0));
    await settle();
    first.leave();
    await pass(200);
    const other = send(headers);
    await settle();
    ready('s2');
    assert.is(await idOf(other), 's2');
  });
}

retry('of another body, or in another project, has a session of its own', async () => {
  const { send, ready, pass } = createRetryPlatform();
  const first = send(attempt(0));
  await settle();
  first.leave();
  await pass(200);
  const others = [send(attempt(1), { keepAlive: true }), send(attempt(1), {}, 'p2')];
  await settle();
  for (const id of ['s2', 's3']) ready(id);
  assert.equal(await Promise.all(others.map(idOf)), ['s2', 's3']);
});

retry('meets another: each has a session of its own', async () => {
  const { send, ready, pass } = createRetryPlatform();
  const sent = [send(attempt(0)), send(attempt(0))];
  await settle();
  for (const { leave } of sent) leave();
  await pass(300);
  const retries = [send(attempt(1)), send(attempt(1))];
  await settle();
  for (const id of ['s1', 's2']) ready(id);
  assert.equal((await Promise.all(retries.map(idOf))).sort(), ['s1', 's2']);
});

retry.run();

// ---

const first = suite('first tries');

first('of one program at one moment have a session each, however alike', async () => {
  const { send, ready } = createRetryPlatform();
  const sent = [send(attempt(0)), send(attempt(0))];
  await settle();
  for (const id of ['s1', 's2']) ready(id);
  assert.equal((await Promise.all(sent.map(idOf))).sort(), ['s1', 's2']);
});

first('take nothing over from one that was given up', async () => {
  const { send, ready, pass } = createRetryPlatform();
  const gone = send(attempt(0));
  await settle();
  gone.leave();
  await pass(200);
  const next = send(attempt(0));
  await settle();
  ready('s2');
  assert.is(await idOf(next), 's2');
});

first.run();
