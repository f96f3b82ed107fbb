import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import type { Session } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { reportReady } from './report-ready.ts';
import { authentication, containerRequest, containerToken } from './testing/container-request.ts';

function report(outcome: UpdateOutcome<Session> | Error, bearerToken = containerToken()) {
  const recorded: string[] = [];
  const answer = reportReady({
    ...authentication,
    recordContainerReady: async ({ sessionId, warmId }) => {
      recorded.push(warmId ?? sessionId);
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  })({ ...containerRequest({}), bearerToken });
  return { answer, recorded };
}

const ready = suite('reportReady');

for (const [when, item] of [
  ['after the task event, with which the session is READY', newSession({ status: 'READY' })],
  ['before the task event, for which the session still waits', newSession({ status: 'STARTING' })],
] as const) {
  ready(`that comes ${when} is answered with the status`, async () => {
    const { answer, recorded } = report({ applied: true, item });
    const body = { status: item.status, endReason: null, expiresAt: item.expiresAt };
    assert.equal(await answer, { status: 200, body });
    assert.equal(recorded, ['s1']);
  });
}

ready('that comes a second time is no fault', async () => {
  const item = newSession({ status: 'ACTIVE' });
  assert.is(((await report({ applied: false, item }).answer).body as Session).status, 'ACTIVE');
});

ready('that comes after a release tells the container to end', async () => {
  const item = newSession({ status: 'TERMINATING', endReason: 'released' });
  const { body } = await report({ applied: false, item }).answer;
  assert.equal(body, { status: 'TERMINATING', endReason: 'released', expiresAt: item.expiresAt });
});

ready('that comes after the create gave up is 409 with the reason', async () => {
  const item = newSession({ status: 'FAILED', endReason: 'start_timed_out' });
  const { status, facts } = await appErrorOf(report({ applied: false, item }).answer);
  assert.equal([status, facts], [409, { endReason: 'start_timed_out' }]);
});

ready('of a session that is gone is 404', async () => {
  assert.is((await appErrorOf(report({ applied: false, item: undefined }).answer)).code, 'SESSION_NOT_FOUND');
});

ready('is recorded for nobody but the container itself', async () => {
  for (const token of [containerToken('s2'), containerToken('s1', 'cdp')]) {
    const { answer, recorded } = report({ applied: true, item: newSession() }, token);
    assert.is((await appErrorOf(answer)).code, 'CONTAINER_UNAUTHORIZED');
    assert.equal(recorded, []);
  }
});

ready('of a claimed container is recorded under its warm id', async () => {
  const bearerToken = containerToken('s1', 'controller', 'w01');
  const { answer, recorded } = report({ applied: true, item: newSession({ warmId: 'w01' }) }, bearerToken);
  assert.is((await answer).status, 200);
  assert.equal(recorded, ['w01']);
});

ready('of a container that was given up is 409: the session is another one’s', async () => {
  const bearerToken = containerToken('s1', 'controller', 'w01');
  for (const item of [newSession({ status: 'READY', warmId: 'w02' }), newSession({ status: 'READY' })])
    assert.is(
      (await appErrorOf(report({ applied: false, item }, bearerToken).answer)).code,
      'SESSION_HAS_ENDED',
    );
});

ready('fails when the table does, so that the container says it again', async () => {
  const fault = new Error('throttled');
  assert.is(await report(fault).answer.catch((error) => error), fault);
});

ready.run();
