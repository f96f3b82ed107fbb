import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { silentLogger, withFolder } from '../testing/serve-services.ts';
import { testLauncher } from '../testing/start-test-aws.ts';
import type { Task } from './task.ts';
import type { PlacementFailure } from './task-supervisor.ts';
import { TaskSupervisor } from './task-supervisor.ts';

const HOUR_MS = 60 * 60_000;
const definition = {
  family: 'f',
  container: 'x',
  port: 1,
  stopTimeoutSeconds: 1,
  environment: {},
  roles: [],
};
const inputOf = (clientToken?: string) => ({ cluster: 'c', definition, environment: {}, clientToken });
const idOf = (result: Task | PlacementFailure) => ('id' in result ? result.id : result.reason);

/** A supervisor with a clock and free ports of the test's own. */
const withSupervisor = (
  use: (supervisor: TaskSupervisor, world: { nowMs: number; freePorts: number }) => Promise<void>,
) =>
  withFolder(async (folder) => {
    const taskLogs = join(folder, 'logs');
    mkdirSync(taskLogs);
    const world = { nowMs: 0, freePorts: 9 };
    const supervisor = new TaskSupervisor({
      account: { region: 'us-west-2', accountId: '000000000000' },
      launcher: { ...testLauncher(folder), compileCache: folder },
      resources: {
        take: async () => (world.freePorts-- > 0 ? { hostPort: 0 } : undefined),
        giveBack: () => undefined,
      },
      records: { save: () => undefined, forget: () => undefined, list: () => [] },
      folders: { taskLogs },
      announce: async () => true,
      logger: silentLogger,
      now: () => new Date(world.nowMs),
    });
    try {
      await use(supervisor, world);
    } finally {
      await supervisor.stopAll('the test is over', 0);
    }
  });

const t = suite('a client token');

t('gives the same task to the same token, also while it is being started', () =>
  withSupervisor(async (supervisor) => {
    const ids = (await Promise.all([1, 2].map(() => supervisor.run(inputOf('a'))))).map(idOf);
    ids.push(idOf(await supervisor.run(inputOf('a'))));
    assert.is(new Set(ids).size, 1);
    assert.is(supervisor.list().length, 1);
  }),
);

t('is each for itself, and a request without one is always new', () =>
  withSupervisor(async (supervisor) => {
    for (const token of ['a', 'b', undefined, undefined]) await supervisor.run(inputOf(token));
    assert.is(supervisor.list().length, 4);
  }),
);

t('is free again when nothing was started', () =>
  withSupervisor(async (supervisor, world) => {
    world.freePorts = 0;
    assert.is(idOf(await supervisor.run(inputOf('a'))), 'RESOURCE:PORTS');
    world.freePorts = 1;
    assert.ok('id' in (await supervisor.run(inputOf('a'))));
  }),
);

t('is free again an hour after its task has ended', () =>
  withSupervisor(async (supervisor, world) => {
    const first = idOf(await supervisor.run(inputOf('a')));
    await supervisor.stopAll('stop', 0);
    assert.is(idOf(await supervisor.run(inputOf('a'))), first);
    world.nowMs += HOUR_MS;
    assert.is(idOf(await supervisor.run(inputOf('a'))), 'RESOURCE:STOPPING', 'a new start');
  }),
);

t.run();
