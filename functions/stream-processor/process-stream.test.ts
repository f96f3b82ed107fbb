import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LifecycleEvent } from '../../core/aws/signals/put-lifecycle-event.ts';
import type { Session } from '../../core/domain/session.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { processStream } from './process-stream.ts';

const image = (session: Partial<Session>) =>
  marshall(session) as NonNullable<DynamoDBRecord['dynamodb']>['NewImage'] & Record<string, AttributeValue>;

/** One change of a session, as the table's stream has it. */
const change = (
  sequence: string,
  before: Partial<Session> | undefined,
  after: Partial<Session> | undefined,
): DynamoDBRecord => ({
  dynamodb: {
    SequenceNumber: sequence,
    ...(before === undefined
      ? {}
      : { OldImage: image({ ...newSession({ sessionId: sequence }), ...before }) }),
    ...(after === undefined ? {} : { NewImage: image({ ...newSession({ sessionId: sequence }), ...after }) }),
  },
});
const becomesReady = (sequence: string) =>
  change(sequence, { status: 'STARTING' }, { status: 'READY', startedAt: 't' });

/** Processes a batch; what is named in `fails` (such as `signal 2`) fails. */
async function run(records: readonly DynamoDBRecord[], fails: readonly string[] = []) {
  const calls: string[] = [];
  const events: LifecycleEvent[] = [];
  const happened: string[] = [];
  const log = recordLog();
  const step = async (name: string) => {
    calls.push(name);
    if (fails.includes(name)) throw new Error(`${name} failed`);
  };
  const response = await processStream({
    logger: log.logger,
    publishReadySignal: ({ sessionId }) => step(`signal ${sessionId}`),
    putLifecycleEvent: async (event) => {
      events.push(event);
      await step(`event ${event.sessionId} ${event.status}`);
    },
    appendEvents: async ({ sessionId, projectId }, told) => {
      const types = told.flatMap(({ events }) => events.map(({ type }) => type.replace('session.', '')));
      happened.push(`${sessionId} ${projectId} ${types}`);
      if (fails.includes(`append ${sessionId}`)) throw new Error(`append ${sessionId} failed`);
    },
  })({ Records: [...records] });
  return {
    calls,
    events,
    happened,
    log,
    failed: response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
  };
}

const stream = suite('processStream');

stream('signals the creates of a batch first, then tells of each step in order', async () => {
  const { calls, failed } = await run([
    change('1', undefined, { status: 'CREATING' }),
    becomesReady('2'),
    change('3', { status: 'READY', startedAt: 't' }, { status: 'TERMINATING', startedAt: 't' }),
    becomesReady('4'),
  ]);
  assert.equal(failed, []);
  assert.equal(calls, [
    'signal 2',
    'signal 4',
    'event 1 CREATING',
    'event 2 READY',
    'event 3 TERMINATING',
    'event 4 READY',
  ]);
});

stream('is silent about heartbeats, about history that is purged, and about an empty batch', async () => {
  const beat = change('1', { status: 'READY', connectionCount: 0 }, { status: 'READY', connectionCount: 1 });
  const purge = change('2', { status: 'STOPPED' }, undefined);
  assert.equal((await run([beat, purge, { dynamodb: {} }, {}])).calls, []);
  assert.equal((await run([])).failed, []);
});

stream(
  'hands the batch back from the first event that could not be sent, and sends none after it',
  async () => {
    const { calls, failed } = await run(
      [becomesReady('1'), becomesReady('2'), becomesReady('3')],
      ['event 2 READY'],
    );
    assert.equal(failed, ['2']);
    assert.equal(calls, ['signal 1', 'signal 2', 'signal 3', 'event 1 READY', 'event 2 READY']);
  },
);

stream('stores what has happened by each step, and hands the batch back where that fails', async () => {
  const records = [
    change('1', undefined, { status: 'CREATING' }),
    becomesReady('2'),
    change('3', { status: 'READY', startedAt: 't' }, { status: 'ACTIVE', startedAt: 't' }),
    becomesReady('4'),
    becomesReady('5'),
  ];
  const { happened, failed } = await run(records, ['append 4']);
  assert.equal(failed, ['4']);
  assert.equal(happened, ['1 p1 created', '2 p1 created,ready', '4 p1 created,ready']);
});

stream('hands it back from the first signal that could not be sent: no create waits in vain', async () => {
  const { calls, failed } = await run(
    [becomesReady('1'), becomesReady('2'), becomesReady('3')],
    ['signal 2'],
  );
  assert.equal(failed, ['2']);
  assert.equal(calls.slice(3), ['event 1 READY'], 'the event of a record goes with its signal');
  assert.equal(
    calls.slice(0, 3),
    ['signal 1', 'signal 2', 'signal 3'],
    'and the others are not kept waiting',
  );
});

stream('says what was not processed and why, once', async () => {
  const { log } = await run([becomesReady('1'), becomesReady('2')], ['signal 1', 'signal 2']);
  const [line, ...more] = log.lines();
  assert.equal([line?.level, line?.itemIdentifier, more.length], ['error', '1', 0]);
  assert.match(log.text(), 'signal 1 failed');
});

stream(
  'says everything again when a batch comes again: consumers know an event by what it says',
  async () => {
    const batch = [becomesReady('1'), becomesReady('2')];
    const first = await run(batch, ['event 2 READY']);
    const again = await run(batch.slice(1));
    assert.equal(again.events, first.events.slice(1));
  },
);

stream('hands back the whole batch when the record that failed has no number', async () => {
  const { SequenceNumber: _, ...rest } = becomesReady('1').dynamodb ?? {};
  assert.equal((await run([{ dynamodb: rest }], ['signal 1'])).failed, ['']);
});

stream('logs each step once it is told, and none that was not', async () => {
  const ends = { status: 'STOPPED', startedAt: 't', endReason: 'released', requestId: 'create-1' } as const;
  const { log } = await run(
    [
      change('1', { status: 'STARTING' }, { status: 'READY', startedAt: 't', warmId: 'w01-x' }),
      change('2', { status: 'READY', startedAt: 't' }, { ...ends, updatedAt: '2026-06-01T00:05:00.000Z' }),
      change(
        '3',
        { status: 'READY', startedAt: 't' },
        { status: 'READY', startedAt: 't', connectionCount: 1 },
      ),
      becomesReady('4'),
    ],
    ['event 4 READY'],
  );
  const steps = log.lines().filter(({ event }) => event === 'session.step');
  assert.equal(
    steps.map(({ sessionId, outcome, start, reason, requestId, durationMs }) => [
      sessionId,
      outcome,
      start ?? reason,
      requestId,
      durationMs,
    ]),
    [
      ['1', 'ready', 'warm', undefined, 0],
      ['2', 'stopped', 'released', 'create-1', 300_000],
    ],
  );
});

stream('lets out nothing of a session but its steps', async () => {
  const secret = {
    address: { host: 'secret-host', port: 1 },
    userMetadata: '{"a":"secret-data"}',
    taskArn: 'secret-arn',
  };
  const { events, log } = await run(
    [change('1', { status: 'STARTING', ...secret }, { status: 'READY', ...secret })],
    ['event 1 READY'],
  );
  assert.not.match(JSON.stringify(events), 'secret');
  assert.not.match(log.text(), 'secret');
});

stream.run();
