import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session } from '../../core/domain/session.ts';
import { createLogger } from '../../core/log/logger.ts';
import { processTaskEvent } from './process-task-event.ts';
import { addressOf, describeStop, type TaskStateChange } from './task-event.ts';

const change = (detail: Partial<TaskStateChange['detail']>): TaskStateChange => ({
  detail: { taskArn: 'arn:task', lastStatus: 'RUNNING', startedBy: 's', ...detail },
});
const logger = createLogger({}, () => {});

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

events.run();

// ---

const process = suite('processTaskEvent');

process('records the address of a running task and ends the session of a stopped one', async () => {
  const calls: unknown[] = [];
  const address = { host: '203.0.113.7', port: 9223 };
  const handle = processTaskEvent({
    logger,
    locate: async () => address,
    recordAddress: async (...args) => {
      calls.push(args);
      return { applied: true, item: {} as Session };
    },
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
    ['s', 'gone'],
  ]);
});

process('throws, so that the event comes again, when the table cannot be written', async () => {
  const handle = processTaskEvent({
    logger,
    locate: async () => undefined,
    recordAddress: async () => ({ applied: false, item: undefined }),
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
    logger,
    locate: async () => undefined,
    recordAddress: async () => assert.unreachable() as never,
    end: async () => undefined,
  });
  try {
    await handle(change({}));
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /arn:task runs without an address/);
  }
});

process.run();
