import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session } from '../../core/domain/session.ts';
import type { WarmClaim, WarmContainer } from '../../core/domain/warm-container.ts';
import { createLogger } from '../../core/log/logger.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { newWarmContainer } from '../../core/testing/new-warm-container.ts';
import { processTaskEvent } from './process-task-event.ts';
import type { TaskStateChange } from './task-event.ts';

const container = newWarmContainer({ expiresAt: '2026-06-01T01:00:00.000Z' });
const { warmId } = container;
const inTime = new Date('2026-06-01T00:30:00.000Z');

interface Known {
  readonly inPool?: WarmContainer;
  readonly claim?: WarmClaim;
  readonly session?: Session;
  /** Once it has been waited for. */
  readonly sessionLater?: Session;
  readonly now?: Date;
}

/** What is done about an event of the warm container's task. */
async function after(detail: Partial<TaskStateChange['detail']>, known: Known): Promise<unknown[]> {
  const calls: unknown[] = [];
  let { session } = known;
  const call =
    <Answer>(name: string, answer: Answer) =>
    async (...args: readonly unknown[]) => {
      calls.push([name, ...args]);
      return answer;
    };
  await processTaskEvent({
    logger: createLogger({}, () => {}),
    now: () => known.now ?? inTime,
    pause: async (ms) => {
      calls.push(['pause', ms]);
      session = known.sessionLater;
    },
    locate: async () => ({ host: '10.0.0.1', port: 9223 }),
    recordAddress: call('address', undefined as never),
    recordWarmAddress: call('warm address', { applied: true, item: container }),
    freeSlot: call('free', known.inPool),
    recordWarmFailure: call('failure', undefined),
    getWarmClaim: async () => known.claim,
    getSession: async () => session,
    recordEnding: call('ending', { applied: true, item: newSession() }),
    end: call('end', undefined),
  })({ detail: { taskArn: 'arn:task', lastStatus: 'STOPPED', startedBy: warmId, ...detail } });
  return calls;
}

const claim: WarmClaim = {
  pool: 'claims',
  slot: warmId,
  sessionId: 's1',
  claimedAt: '2026-06-01T00:20:00.000Z',
  purgeAt: 1,
};

const warm = suite('events of a warm container');

warm('bring its address into its slot, and to no session', async () => {
  const facts = { address: { host: '10.0.0.1', port: 9223 }, taskArn: 'arn:task' };
  assert.equal(await after({ lastStatus: 'RUNNING' }, {}), [['warm address', warmId, facts]]);
});

warm('free its slot when it stops, and note that it came to nothing if nobody asked it to', async () => {
  const died = { stopCode: 'EssentialContainerExited' };
  assert.equal(await after(died, { inPool: container }), [['free', warmId], ['failure']]);
  assert.equal(await after({ stopCode: 'UserInitiated' }, { inPool: container }), [['free', warmId]]);
  const late = new Date('2026-06-01T01:05:00.000Z');
  assert.equal(await after(died, { inPool: container, now: late }), [['free', warmId]], 'its time was over');
});

warm('end the session that claimed it', async () => {
  const session = newSession({ status: 'ACTIVE', warmId });
  const calls = await after({ stoppedReason: 'gone' }, { claim, session });
  assert.equal(calls, [
    ['free', warmId],
    ['end', 's1', { reason: 'container_lost', detail: 'gone' }, { sessionId: 's1', warmId }],
  ]);
});

/** Two minutes before it is killed, and again when it has stopped. */
const RECLAIMED = { desiredStatus: 'STOPPED', stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task' };

warm('free its slot as soon as Spot takes it back, which is no failure of its start', async () => {
  const notice = { ...RECLAIMED, lastStatus: 'RUNNING' };
  assert.equal(await after(notice, { inPool: container }), [['free', warmId]]);
  assert.equal(await after(RECLAIMED, { inPool: container }), [['free', warmId]], 'the notice was lost');
});

warm('tell the session that claimed it why Spot ends it, before it is killed', async () => {
  const session = newSession({ status: 'ACTIVE', warmId });
  const by = { sessionId: 's1', warmId };
  const notice = { ...RECLAIMED, lastStatus: 'RUNNING' };
  assert.equal(await after(notice, { claim, session }), [
    ['free', warmId],
    ['ending', 's1', 'spot_reclaimed', by],
  ]);
  assert.equal(await after(RECLAIMED, { claim, session }), [
    ['free', warmId],
    ['end', 's1', { reason: 'spot_reclaimed', detail: 'Your Spot Task' }, by],
  ]);
});

warm('end no session that went on to another container, nor one that is not known any more', async () => {
  const notice = { ...RECLAIMED, lastStatus: 'RUNNING' };
  for (const known of [
    { claim, session: newSession({ warmId: 'w02-00000000-0000-4000-8000-000000000002' }) },
    { claim, session: newSession() },
    { claim },
    {},
  ])
    for (const event of [{}, notice]) assert.equal(await after(event, known), [['free', warmId]]);
});

warm(
  'leave a session that has just claimed it to its create, which may go on to another container',
  async () => {
    const now = new Date('2026-06-01T00:20:01.000Z');
    const session = newSession({ status: 'STARTING', warmId });
    const moved = { ...session, warmId: 'w02-00000000-0000-4000-8000-000000000002' };
    const by = { sessionId: 's1', warmId };
    const waited = [
      ['free', warmId],
      ['pause', 4_000],
    ];
    const died = { stoppedReason: 'gone' };
    assert.equal(await after(died, { claim, now, session, sessionLater: moved }), waited);
    assert.equal(
      await after(died, { claim, now, session, sessionLater: newSession() }),
      waited,
      'cold by now',
    );
    const ended = ['end', 's1', { reason: 'container_lost', detail: 'gone' }, by];
    assert.equal(await after(died, { claim, now, session, sessionLater: session }), [...waited, ended]);
    assert.equal(
      await after(died, { claim, now, session: { ...session, status: 'READY' } }),
      [['free', warmId], ended],
      'its claim was taken',
    );
  },
);

warm.run();
