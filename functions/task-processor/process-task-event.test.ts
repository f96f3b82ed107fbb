import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session } from '../../core/domain/session.ts';
import { createLogger } from '../../core/log/logger.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { processTaskEvent } from './process-task-event.ts';
import { addressOf, describeStop, endReasonOf, type TaskStateChange } from './task-event.ts';

const change = (detail: Partial<TaskStateChange['detail']>): TaskStateChange => ({
  detail: { taskArn: 'arn:task', lastStatus: 'RUNNING', startedBy: 's', ...detail },
});
const logger = createLogger({}, () => {});

/** Nothing of these is for a task that was started for a session. */
const unusedOfWarm = async () => assert.unreachable('the warm pool was asked') as never;
const WARM = {
  now: () => new Date(),
  pause: unusedOfWarm,
  recordWarmAddress: unusedOfWarm,
  freeSlot: unusedOfWarm,
  recordWarmFailure: unusedOfWarm,
  getWarmClaim: unusedOfWarm,
  getSession: unusedOfWarm,
};

const events = suite('task events');

events('give the address of the network interface, or of the port on the host', () => {
  const fargate = change({
    attachments: [{ type: 'eni', details: [{ name: 'privateIPv4Address', value: '10.0.1.7' }] }],
  });
  assert.equal(addressOf(fargate), { host: '10.0.1.7', port: 9223 });
  const mapped = change({
    containers: [{ networkBindings: [{ bindIP: '127.0.0.1', containerPort: 9223, hostPort: 20001 }] }],
  });
  assert.equal(addressOf(mapped), { host: '127.0.0.1', port: 20001 });
  assert.is(addressOf(change({})), undefined);
});

events('say why a task stopped', () => {
  const stopped = change({
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'controller', exitCode: 137, reason: 'OutOfMemoryError' }],
  });
  assert.is(
    describeStop(stopped),
    'Essential container in task exited; controller: exit code 137 (OutOfMemoryError)',
  );
});

events('tell a container that was killed for want of memory from one that is lost', () => {
  const stopped = (container: object) => change({ lastStatus: 'STOPPED', containers: [container] });
  const reason = 'OutOfMemoryError: Container killed due to memory usage';
  assert.is(endReasonOf(stopped({ name: 'controller', exitCode: 137, reason })), 'out_of_memory');
  assert.is(endReasonOf(stopped({ name: 'controller', reason })), 'out_of_memory');
  assert.is(endReasonOf(stopped({ name: 'controller', exitCode: 0, reason })), 'container_lost');
  assert.is(endReasonOf(stopped({ name: 'controller', exitCode: 137 })), 'container_lost');
  const spot = {
    lastStatus: 'STOPPED',
    stopCode: 'SpotInterruption',
    containers: [{ exitCode: 137, reason }],
  };
  assert.is(endReasonOf(change(spot)), 'spot_reclaimed');
});

events.run();

// ---

const process = suite('processTaskEvent');
const unexpected = async () => assert.unreachable('it was asked') as never;

process('records the address of a running task and ends the session of a stopped one', async () => {
  const calls: unknown[] = [];
  const address = { host: '203.0.113.7', port: 9223 };
  const handle = processTaskEvent({
    ...WARM,
    logger,
    locate: async () => address,
    recordAddress: async (...args) => {
      calls.push(args);
      return { applied: true, item: {} as Session };
    },
    recordEnding: unexpected,
    end: async (...args) => {
      calls.push(args);
      return undefined;
    },
  });
  await handle(change({}));
  await handle(change({ lastStatus: 'STOPPED', stoppedReason: 'gone' }));
  await handle(change({ lastStatus: 'PENDING' }));
  await handle({ detail: { taskArn: 'arn:other', lastStatus: 'STOPPED' } });
  assert.equal(calls, [
    ['s', { address, taskArn: 'arn:task' }],
    ['s', { reason: 'container_lost', detail: 'gone' }],
  ]);
});

process('throws, so that the event comes again, when the table cannot be written', async () => {
  const handle = processTaskEvent({
    ...WARM,
    logger,
    locate: async () => undefined,
    recordAddress: async () => ({ applied: false, item: undefined }),
    recordEnding: unexpected,
    end: async () => {
      throw new Error('throttled');
    },
  });
  try {
    await handle(change({ lastStatus: 'STOPPED' }));
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'throttled');
  }
});

process('throws when a task runs and nobody can say where', async () => {
  const handle = processTaskEvent({
    ...WARM,
    logger,
    locate: async () => undefined,
    recordAddress: async () => assert.unreachable() as never,
    recordEnding: unexpected,
    end: async () => undefined,
  });
  try {
    await handle(change({}));
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /arn:task runs without an address/);
  }
});

for (const lastStatus of [
  'PROVISIONING',
  'PENDING',
  'ACTIVATING',
  'DEACTIVATING',
  'STOPPING',
  'DEPROVISIONING',
  '',
]) {
  process(`does nothing while a task is ${lastStatus || 'nothing that it says'}`, async () => {
    const unused = async () => assert.unreachable('something was done') as never;
    const handle = processTaskEvent({
      ...WARM,
      logger,
      locate: unused,
      recordAddress: unused,
      recordEnding: unused,
      end: unused,
    });
    await handle(change({ lastStatus }));
  });
}

process('does not ask where a task is that is no session’s, or that has stopped', async () => {
  const ended: string[] = [];
  const unused = async () => assert.unreachable('it was asked') as never;
  const end = async (sessionId: string) => {
    ended.push(sessionId);
    return undefined;
  };
  const handle = processTaskEvent({
    ...WARM,
    logger,
    locate: unused,
    recordAddress: unused,
    recordEnding: unused,
    end,
  });
  await handle({ detail: { taskArn: 'arn:other', lastStatus: 'RUNNING' } });
  await handle(change({ lastStatus: 'STOPPED' }));
  assert.equal(ended, ['s']);
});

process(
  'takes an event that comes again, or too late, for no fault: the session says what holds',
  async () => {
    const log = recordLog();
    const over = newSession({ status: 'STOPPED', endReason: 'released' });
    const handle = processTaskEvent({
      ...WARM,
      logger: log.logger,
      locate: async () => ({ host: '10.0.1.7', port: 9223 }),
      recordAddress: async () => ({ applied: false, item: over }),
      recordEnding: unexpected,
      end: async () => over,
    });
    await handle(change({}));
    await handle(change({ lastStatus: 'STOPPED' }));
    await handle(change({}));
    assert.equal(
      log.lines().map(({ event, outcome, reason, sessionId }) => [event, outcome, reason, sessionId]),
      [
        ['task.running', 'too_late', undefined, 's1'],
        ['task.stopped', 'stopped', 'released', 's1'],
        ['task.running', 'too_late', undefined, 's1'],
      ],
    );
  },
);

process(
  'throws, so that the event comes again, when the address cannot be found or not be noted',
  async () => {
    const fault = new Error('throttled');
    const fail = async () => {
      throw fault;
    };
    const address = { host: '10.0.1.7', port: 9223 };
    const unused = async () => assert.unreachable('it went on') as never;
    const failureOf = (changes: Partial<Parameters<typeof processTaskEvent>[0]>) =>
      processTaskEvent({
        ...WARM,
        logger,
        locate: async () => address,
        recordAddress: unused,
        recordEnding: unused,
        end: unused,
        ...changes,
      })(change({})).catch((error) => error);
    assert.is(await failureOf({ locate: fail }), fault);
    assert.is(await failureOf({ recordAddress: fail }), fault);
  },
);

/** As ECS tells it two minutes before it kills the task: what was wanted of it has changed, what it is has not. */
const RECLAIMED = {
  desiredStatus: 'STOPPED',
  stopCode: 'SpotInterruption',
  stoppedReason: 'Your Spot Task was interrupted.',
};

process('notes why a task is taken back before it stops, and ends its session for that', async () => {
  const calls: unknown[] = [];
  const handle = processTaskEvent({
    ...WARM,
    logger,
    locate: unexpected,
    recordAddress: unexpected,
    recordEnding: async (...args) => {
      calls.push(['recordEnding', ...args]);
      return { applied: true, item: newSession({ status: 'TERMINATING' }) };
    },
    end: async (...args) => {
      calls.push(['end', ...args]);
      return undefined;
    },
  });
  await handle(change(RECLAIMED));
  await handle(change({ ...RECLAIMED, stopCode: 'TerminationNotice' }));
  await handle(change({ ...RECLAIMED, lastStatus: 'STOPPED' }));
  assert.equal(calls, [
    ['recordEnding', 's', 'spot_reclaimed'],
    ['recordEnding', 's', 'spot_reclaimed'],
    ['end', 's', { reason: 'spot_reclaimed', detail: 'Your Spot Task was interrupted.' }],
  ]);
});

process.run();
