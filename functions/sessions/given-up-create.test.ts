/** What becomes of a session whose caller goes before it has the answer. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CREATE_RETRY } from '../../core/domain/timing.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { createRetryPlatform, idOf, settle } from './testing/retry-platform.ts';

const SDK = { 'x-stainless-retry-count': '0', 'x-stainless-timeout': '5' };

const givenUp = suite('a create whose caller goes');

givenUp('is ended at once, with its container', async () => {
  const { send, sessions, stopped, log } = createRetryPlatform();
  const sent = send();
  await settle();
  sent.leave();
  await settle();
  const { status, endReason } = sessions.get('s1') ?? {};
  assert.equal([status, endReason], ['STOPPED', 'create_given_up']);
  assert.ok(stopped.includes('arn:s1'));
  assert.equal(
    log.lines().map(({ level }) => level),
    ['info', 'info'],
  );
});

givenUp('before its session is admitted starts none', async () => {
  const { send, sessions } = createRetryPlatform();
  const sent = send();
  sent.leave();
  assert.is((await appErrorOf(sent.answer)).code, 'CALLER_LEFT');
  assert.is(sessions.size, 0);
});

givenUp('by an SDK, which may ask again, is kept for that long and not longer', async () => {
  const { send, pass, sessions, stopped } = createRetryPlatform();
  const sent = send(SDK);
  await settle();
  sent.leave();
  await pass(CREATE_RETRY.graceMs - 100);
  assert.equal([sessions.get('s1')?.endReason, stopped], [undefined, []]);
  await pass(200);
  assert.is(sessions.get('s1')?.endReason, 'create_given_up');
  assert.ok(stopped.includes('arn:s1'));
});

givenUp('unseen, but must have gone by its own word, is ended as well', async () => {
  const { send, pass, sessions } = createRetryPlatform();
  send(SDK);
  await pass(5_900);
  assert.is(sessions.get('s1')?.callerLeftAt, undefined, 'it may still wait');
  await pass(200 + CREATE_RETRY.graceMs);
  assert.is(sessions.get('s1')?.endReason, 'create_given_up');
});

givenUp('after the browser was ready leaves it to its container to end', async () => {
  const { send, ready, sessions, stopped } = createRetryPlatform();
  const sent = send();
  await settle();
  ready('s1');
  assert.is(await idOf(sent), 's1');
  sent.leave();
  await settle();
  const { status, endReason } = sessions.get('s1') ?? {};
  assert.equal([status, endReason], ['TERMINATING', 'create_given_up']);
  assert.equal(stopped, ['arn:s1']);
});

givenUp('is kept when a client drives it all the same', async () => {
  const { send, sessions, stopped } = createRetryPlatform();
  const sent = send();
  await settle();
  const session = sessions.get('s1');
  assert.ok(session);
  sessions.set('s1', { ...session, status: 'ACTIVE', address: { host: 'h', port: 1 } });
  sent.leave();
  await settle();
  assert.equal([sessions.get('s1')?.status, stopped], ['ACTIVE', []]);
});

givenUp('and that is answered in time lives on, whatever time passes', async () => {
  const { send, ready, pass, sessions } = createRetryPlatform();
  const sent = send(SDK);
  await settle();
  ready('s1');
  assert.is(await idOf(sent), 's1');
  await pass(20_000);
  assert.is(sessions.get('s1')?.status, 'READY');
});

givenUp.run();
