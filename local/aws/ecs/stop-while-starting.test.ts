import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listProcesses } from '../../processes/process-table.ts';
import { silentLogger, withFolder } from '../testing/serve-services.ts';
import { testLauncher } from '../testing/start-test-aws.ts';
import { endLeftovers } from './end-leftovers.ts';
import type { Task } from './task.ts';
import { TaskSupervisor } from './task-supervisor.ts';

const starts = suite('tasks that are being started');
const definition = {
  family: 'f',
  container: 'x',
  port: 1,
  stopTimeoutSeconds: 1,
  environment: {},
  roles: [],
};
const input = { cluster: 'c', definition, environment: { SESSION_ID: 's-1' }, startedBy: 's-1' };

/** A supervisor for one task. `whenSaved` is called at once with each state that is put on disk. */
function supervise(
  folder: string,
  { whenSaved = (_task: Task): void => {}, nodePath = process.execPath, take = Promise.resolve() } = {},
) {
  const calls = { saved: [] as Task[], forgotten: [] as string[], givenBack: 0 };
  const sessionRoot = join(folder, 'sessions');
  const taskLogs = join(folder, 'logs');
  mkdirSync(taskLogs);
  const supervisor = new TaskSupervisor({
    account: { region: 'us-west-2', accountId: '000000000000' },
    launcher: { ...testLauncher(folder), nodePath, sessionRoot, compileCache: join(folder, 'cache') },
    resources: { take: () => take.then(() => ({ hostPort: 0 })), giveBack: () => void calls.givenBack++ },
    records: {
      save(task) {
        calls.saved.push(task);
        whenSaved(task);
      },
      forget: (id) => void calls.forgotten.push(id),
      list: () => [],
    },
    folders: { taskLogs },
    announce: async () => true,
    logger: silentLogger,
    now: () => new Date(),
  });
  return { supervisor, calls, sessionFolder: join(sessionRoot, 's-1') };
}

const runningOn = (sessionFolder: string) =>
  listProcesses().filter(({ commandLine }) => commandLine.includes(sessionFolder));

starts('are not begun any more when the machine stops first', () =>
  withFolder(async (folder) => {
    const { promise: take, resolve } = Promise.withResolvers<void>();
    const { supervisor, calls, sessionFolder } = supervise(folder, { take });
    const answer = supervisor.run(input);
    const stopped = supervisor.stopAll('stopping', 1_000);
    resolve();
    try {
      const failure = await answer;
      assert.is('reason' in failure && failure.reason, 'RESOURCE:STOPPING');
      await stopped;
      assert.equal([calls.saved.length, calls.givenBack], [0, 1]);
      assert.not('id' in (await supervisor.run(input)), 'nor is one that comes later');
    } finally {
      await endLeftovers({ sessionFolder });
    }
  }),
);

starts('are ended when the machine stops while they are spawned, and it waits for that', () =>
  withFolder(async (folder) => {
    let stopped: Promise<void> | undefined;
    const { supervisor, calls, sessionFolder } = supervise(folder, {
      // Comes after the spawn and before the event that tells of it.
      whenSaved: () => process.nextTick(() => (stopped ??= supervisor.stopAll('stopping', 1_000))),
    });
    const answer = supervisor.run(input);
    try {
      await Promise.race([answer, new Promise((resolve) => setImmediate(resolve))]);
      assert.ok(stopped, 'the stop has begun');
      await stopped;
      assert.equal(runningOn(sessionFolder), []);
      assert.is(calls.givenBack, 1, 'it was waited for');
      const failure = await answer;
      assert.is('reason' in failure && failure.reason, 'RESOURCE:STOPPING');
      assert.not(existsSync(sessionFolder));
      assert.equal(calls.forgotten, [calls.saved[0]?.id]);
    } finally {
      await endLeftovers({ sessionFolder });
    }
  }),
);

starts('are on disk before anything runs, and off it when nothing could be run', () =>
  withFolder(async (folder) => {
    const { supervisor, calls, sessionFolder } = supervise(folder, { nodePath: '/no/such/node' });
    const failure = await supervisor.run(input);
    assert.is('reason' in failure && failure.reason, 'TaskFailedToStart');
    const [saved, ...more] = calls.saved;
    assert.is(more.length, 0);
    assert.ok(saved);
    assert.is(saved.lastStatus, 'PROVISIONING');
    assert.is(saved.sessionFolder, sessionFolder);
    assert.is(saved.startedBy, 's-1');
    assert.is(saved.process, undefined);
    assert.equal(calls.forgotten, [saved.id]);
  }),
);

starts.run();
