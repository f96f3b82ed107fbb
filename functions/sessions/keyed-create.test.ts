/** Creates with an `Idempotency-Key`, and with an id that the client chose. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { END_REASONS, type EndReason } from '../../core/domain/end-reason.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { createRetryPlatform, idOf, settle } from './testing/retry-platform.ts';

const KEY = { 'idempotency-key': 'order-17' };
const ID = '00000000-0000-4000-8000-00000000000a';

const keyed = suite('a create with an Idempotency-Key');

/** The platform after a create with the key, whose session is ready. */
async function made() {
  const platform = createRetryPlatform();
  const first = platform.send(KEY);
  await settle();
  platform.ready('s1');
  await first.answer;
  return { ...platform, first };
}

keyed('that was used answers with the first session, and a token of its own', async () => {
  const { send, first, sessions } = await made();
  const { status, body } = await send(KEY).answer;
  const [again, before] = [body, (await first.answer).body] as [
    Record<string, string>,
    Record<string, string>,
  ];
  assert.equal([status, again.id], [201, before.id]);
  assert.not.equal(again.signingKey, undefined);
  assert.is(sessions.size, 1);
});

keyed('waits while the first still starts', async () => {
  const { send, ready, sessions } = createRetryPlatform();
  const both = [send(KEY), send(KEY)];
  await settle();
  ready('s1');
  assert.equal(await Promise.all(both.map(idOf)), ['s1', 's1']);
  assert.is(sessions.size, 1);
});

keyed('takes over when the first caller leaves', async () => {
  const { send, ready, pass } = createRetryPlatform();
  const [first, second] = [send(KEY), send(KEY)];
  await settle();
  first.leave();
  await pass(5_000);
  ready('s1');
  assert.is(await idOf(second), 's1');
});

keyed('whose caller leaves beside the first leaves the first its session', async () => {
  const { send, ready, pass } = createRetryPlatform();
  const [first, second] = [send(KEY), send(KEY)];
  await settle();
  second.leave();
  await pass(5_000);
  ready('s1');
  assert.is(await idOf(first), 's1');
});

keyed('and another body is 422', async () => {
  const { send, sessions } = await made();
  const failure = await appErrorOf(send(KEY, { keepAlive: true }).answer);
  assert.equal([failure.status, failure.code], [422, 'CREATE_DIFFERS']);
  assert.match(failure.message, 'Idempotency-Key');
  assert.is(sessions.size, 1);
});

keyed('of another project is another key', async () => {
  const { send, ready } = await made();
  const other = send(KEY, {}, 'p2');
  await settle();
  ready('s2');
  assert.is(await idOf(other), 's2');
});

keyed('is not spent by a first that failed', async () => {
  const { send, ready, faults, sessions } = createRetryPlatform();
  faults.runTask = new Error('ECS answered 500');
  assert.is((await appErrorOf(send(KEY).answer)).code, 'START_FAILED');
  faults.runTask = undefined as never;
  const second = send(KEY);
  await settle();
  ready('s2');
  assert.is(await idOf(second), 's2');
  assert.is(sessions.get('s1')?.endReason, 'start_failed', 'whose history stays');
});

for (const reason of Object.keys(END_REASONS) as EndReason[]) {
  const isFree = reason === 'create_given_up' || reason === 'never_connected';
  keyed(
    `whose session was ready and has ended as ${reason} ${isFree ? 'makes another' : 'is 410'}`,
    async () => {
      const { send, sessions, ready } = await made();
      const session = sessions.get('s1');
      assert.ok(session);
      sessions.set('s1', { ...session, status: 'STOPPED', endReason: reason });
      const again = send(KEY);
      await settle();
      ready('s2');
      if (isFree) assert.is(await idOf(again), 's2');
      else assert.equal([(await appErrorOf(again.answer)).status, sessions.size], [410, 1]);
    },
  );
}

keyed('that is empty or longer than 255 characters is a 400 that names it', async () => {
  const { send, sessions } = createRetryPlatform();
  for (const key of ['', 'x'.repeat(256)]) {
    const failure = await appErrorOf(send({ 'idempotency-key': key }).answer);
    assert.equal([failure.status, failure.message.includes('Idempotency-Key')], [400, true]);
  }
  assert.is(sessions.size, 0);
});

keyed('is stored nowhere as it is', async () => {
  const { sessions, log } = await made();
  assert.not.match(JSON.stringify([...sessions.values()]) + log.text(), 'order-17');
});

keyed.run();

// ---

const chosen = suite('a create with an id of its own');

chosen('has it, and answers the same create with the same session', async () => {
  const { send, ready, sessions } = createRetryPlatform();
  const first = send({}, { id: ID });
  await settle();
  ready(ID);
  assert.is(await idOf(first), ID);
  assert.is(await idOf(send({}, { id: ID })), ID);
  assert.is(sessions.size, 1);
});

chosen(
  'that was used is 422 with another body, 409 in another project, 410 when its session has ended',
  async () => {
    const { send, ready, sessions } = createRetryPlatform();
    const first = send({}, { id: ID });
    await settle();
    ready(ID);
    await first.answer;
    const statusOf = async (...sent: Parameters<typeof send>) =>
      (await appErrorOf(send(...sent).answer)).status;
    assert.is(await statusOf({}, { id: ID, keepAlive: true }), 422);
    assert.is(await statusOf({}, { id: ID }, 'p2'), 409);
    const session = sessions.get(ID);
    assert.ok(session);
    sessions.set(ID, { ...session, status: 'STOPPED', endReason: 'released' });
    assert.is(await statusOf({}, { id: ID }), 410);
  },
);

chosen.run();
