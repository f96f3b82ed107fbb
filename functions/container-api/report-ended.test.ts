import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { END_REASONS, type EndReason, statusAfter } from '../../core/domain/end-reason.ts';
import type { Session } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { type ReportEndedBody, type ReportEndedDeps, reportEnded } from './report-ended.ts';
import { authentication, containerRequest, containerToken } from './testing/container-request.ts';

function report(
  body: ReportEndedBody,
  changes: Partial<ReportEndedDeps> = {},
  ended: Partial<Session> = { contextId: 'c1', persistContext: true },
) {
  const calls: unknown[][] = [];
  const handle = reportEnded({
    ...authentication,
    end: async (...given) => {
      const [{ sessionId }, ...ending] = given;
      calls.push(['end', sessionId, ...ending]);
      return newSession({ status: statusAfter(given[1]), endReason: given[1], ...ended });
    },
    recordSavedProfile: async (...given) => {
      calls.push(['saved', ...given]);
    },
    ...changes,
  });
  return { answer: handle(containerRequest(body)), again: () => handle(containerRequest(body)), calls };
}

const endings = suite('reportEnded');

for (const reason of Object.keys(END_REASONS) as EndReason[]) {
  endings(`for ${reason} is answered with ${statusAfter(reason)}`, async () => {
    const { answer, calls } = report({ reason });
    assert.equal(await answer, { status: 200, body: { status: statusAfter(reason) } });
    assert.equal(calls, [['end', 's1', reason, undefined, undefined]]);
  });
}

for (const reason of ['', 'RELEASED', 'toString', '__proto__', 'constructor', 'released ']) {
  endings(`refuses the reason ${JSON.stringify(reason)}, and ends nothing`, async () => {
    const { answer, calls } = report({ reason });
    const { status, message } = await appErrorOf(answer);
    assert.equal([status, message], [400, 'body/reason must be a known end reason']);
    assert.equal(calls, []);
  });
}

endings('takes what went through its proxies', async () => {
  const { answer, calls } = report({ reason: 'released', proxyBytes: 7 });
  await answer;
  assert.equal(calls, [['end', 's1', 'released', undefined, 7]]);
});

endings('notes a save in the context, after the session has ended', async () => {
  const { answer, calls } = report({ reason: 'released', detail: 'd', savedProfileBytes: 0 });
  await answer;
  assert.equal(calls, [
    ['end', 's1', 'released', 'd', undefined],
    ['saved', 'c1', 's1', 0],
  ]);
});

for (const [what, body, ended] of [
  ['nothing was saved', {}, { contextId: 'c1', persistContext: true }],
  ['the session may not save', { savedProfileBytes: 9 }, { contextId: 'c1', persistContext: false }],
  ['the session has no context', { savedProfileBytes: 9 }, {}],
] as const) {
  endings(`notes no save when ${what}`, async () => {
    const { answer, calls } = report({ reason: 'released', ...body }, {}, ended);
    await answer;
    assert.is(calls.length, 1);
  });
}

endings('tells a container whose session was ended before it how: its own reason came too late', async () => {
  const over = newSession({ status: 'FAILED', endReason: 'container_lost' });
  const { answer } = report({ reason: 'released' }, { end: async () => over });
  assert.equal((await answer).body, { status: 'FAILED' });
});

endings('is 404 for a session that is gone, and notes no save', async () => {
  const { answer, calls } = report(
    { reason: 'released', savedProfileBytes: 9 },
    { end: async () => undefined },
  );
  assert.is((await appErrorOf(answer)).code, 'SESSION_NOT_FOUND');
  assert.equal(calls, []);
});

endings('fails when the save could not be noted, and a second report makes up for it', async () => {
  let attempts = 0;
  const saved: unknown[] = [];
  const { answer, again, calls } = report(
    { reason: 'released', savedProfileBytes: 9 },
    {
      recordSavedProfile: async (...given) => {
        attempts += 1;
        if (attempts === 1) throw new Error('throttled');
        saved.push(given);
      },
    },
  );
  assert.is((await answer.catch((error) => error)).message, 'throttled');
  assert.is((await again()).status, 200);
  assert.equal(saved, [['c1', 's1', 9]]);
  assert.is(calls.length, 2, 'and to end again is no harm');
});

endings('notes no save when the session could not be ended', async () => {
  const { answer, calls } = report(
    { reason: 'released', savedProfileBytes: 9 },
    {
      end: async () => {
        throw new Error('busy');
      },
    },
  );
  assert.is((await answer.catch((error) => error)).message, 'busy');
  assert.equal(calls, []);
});

endings('of another container ends nothing', async () => {
  const end = async () => assert.unreachable('it was ended') as never;
  const handle = reportEnded({ ...authentication, end, recordSavedProfile: end });
  const request = { ...containerRequest({ reason: 'released' }), bearerToken: containerToken('s2') };
  assert.is((await appErrorOf(handle(request))).code, 'CONTAINER_UNAUTHORIZED');
});

endings(
  'of a container that was given up notes no save, whether the session lives or has ended',
  async () => {
    for (const status of ['READY', 'STOPPED'] as const) {
      const session = newSession({ status, contextId: 'c1', persistContext: true, warmId: 'w02' });
      const saved: unknown[] = [];
      const handle = reportEnded({
        ...authentication,
        end: async () => session,
        recordSavedProfile: async (...given) => void saved.push(given),
      });
      const answer = handle(containerRequest({ reason: 'released', savedProfileBytes: 9 }, 'w01'));
      assert.is((await appErrorOf(answer)).code, 'SESSION_HAS_ENDED');
      assert.equal(saved, []);
    }
  },
);

endings.run();
