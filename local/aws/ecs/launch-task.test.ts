import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../testing/serve-services.ts';
import { createTask } from './create-task.ts';
import { awaitTaskExit, launchTask } from './launch-task.ts';
import { pruneTaskLogs } from './running-task.ts';
import { describeTask, type Task } from './task.ts';
import { createTaskRecords } from './task-records.ts';

const account = { region: 'us-west-2', accountId: '000000000000' };
const definition = {
  family: 'f',
  container: 'x',
  port: 9223,
  stopTimeoutSeconds: 1,
  environment: {},
  roles: [],
};
const input = { cluster: 'c', definition, environment: { SESSION_ID: 's-1' }, startedBy: 's-1' };
const now = () => new Date('2026-01-01T00:00:00.000Z');

const launcherIn = (folder: string, script?: string) => {
  const bundle = join(folder, 'bundle.cjs');
  if (script !== undefined) writeFileSync(bundle, script);
  return {
    nodePath: process.execPath,
    bundleOf: () => bundle,
    sessionRoot: join(folder, 'sessions'),
    compileCache: join(folder, 'cache'),
    chromePath: '/usr/bin/chrome',
    proxyHost: '127.0.0.1',
  };
};
const taskIn = (folder: string, uid?: number): Task =>
  createTask(input, { hostPort: 20_001, uid }, { account, launcher: launcherIn(folder), now });

const t = suite('launching a task');

t('gives its process the environment of the task and of this machine, and nothing of ours', () =>
  withFolder(async (folder) => {
    const written = join(folder, 'environment.json');
    const script = `require('node:fs').writeFileSync('${written}', JSON.stringify([process.env, process.argv.slice(2)]))`;
    const launcher = { ...launcherIn(folder, script), environment: { EGRESS_GUARD: '0' } };
    const environment = { SESSION_ID: 's-1', PROXY_PORT: '9223', EGRESS_GUARD: '1' };
    await awaitTaskExit(await launchTask(launcher, taskIn(folder), environment));
    const [env, args] = JSON.parse(readFileSync(written, 'utf8'));
    assert.equal(env, {
      PATH: env.PATH,
      SESSION_ID: 's-1',
      SESSION_ROOT: launcher.sessionRoot,
      CHROME_PATH: '/usr/bin/chrome',
      NODE_COMPILE_CACHE: launcher.compileCache,
      PROXY_HOST: '127.0.0.1',
      PROXY_PORT: '20001',
      EGRESS_GUARD: '0',
    });
    assert.equal(args, [`--session-folder=${launcher.sessionRoot}/s-1`]);
    assert.is(statSync(launcher.sessionRoot).mode & 0o777, 0o711);
  }),
);

t('tells how it ended as ECS does', () =>
  withFolder(async (folder) => {
    const exitOf = async (script: string) =>
      awaitTaskExit(await launchTask(launcherIn(folder, script), taskIn(folder), {}));
    assert.is(await exitOf('process.exit(7)'), 7);
    assert.is(await exitOf(`process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)`), 137);
  }),
);

t('names a container after the data folder and the port, and a folder after a plain id only', () => {
  const image = { name: 'browser', engine: ['docker'], engineEnvironment: {} };
  const launcher = { ...launcherIn('/tmp/x'), sessionRoot: '/tmp/wc123abc', image };
  const create = (environment: Record<string, string>) =>
    createTask({ ...input, environment }, { hostPort: 20_001 }, { account, launcher, now });
  assert.equal(create({}).container, { engine: ['docker'], name: 'wc123abc-20001' });
  assert.is(create({ SESSION_ID: 's-1' }).sessionFolder, '/tmp/wc123abc/s-1');
  for (const id of ['../etc', '', 'a/b', 'x'.repeat(65)]) {
    assert.is(create({ SESSION_ID: id }).sessionFolder, undefined, id);
  }
  assert.is(create({}).sessionFolder, undefined);
});

t.run();

const tasks = suite('a task');

tasks('is told of without its environment, with times as they are wanted', () =>
  withFolder(async (folder) => {
    const task = { ...taskIn(folder), lastStatus: 'RUNNING' as const, startedAtMs: now().getTime() };
    const arn = (resource: string) => `arn:aws:ecs:us-west-2:000000000000:${resource}`;
    assert.equal(
      describeTask(task, account, (ms) => ms / 1000),
      {
        taskArn: arn(`task/c/${task.id}`),
        clusterArn: arn('cluster/c'),
        taskDefinitionArn: arn('task-definition/f:1'),
        lastStatus: 'RUNNING',
        desiredStatus: 'RUNNING',
        startedBy: 's-1',
        createdAt: 1_767_225_600,
        startedAt: 1_767_225_600,
        containers: [
          {
            name: 'x',
            lastStatus: 'RUNNING',
            networkBindings: [
              { bindIP: '127.0.0.1', containerPort: 9223, hostPort: 20_001, protocol: 'tcp' },
            ],
          },
        ],
      },
    );
  }),
);

tasks('is on disk until it is forgotten', () =>
  withFolder(async (folder) => {
    const records = createTaskRecords(folder);
    const task = taskIn(folder, 70_000);
    records.save(task);
    records.save({ ...task, lastStatus: 'STOPPED' });
    writeFileSync(join(folder, 'no-task.txt'), '');
    const saved = JSON.parse(JSON.stringify({ ...task, lastStatus: 'STOPPED' }));
    assert.equal(createTaskRecords(folder).list(), [saved]);
    records.forget(task.id);
    records.forget(task.id);
    assert.equal(records.list(), []);
  }),
);

tasks('keeps the newest logs', () =>
  withFolder(async (folder) => {
    for (const [seconds, name] of ['a', 'b', 'c'].entries()) {
      writeFileSync(join(folder, name), '');
      utimesSync(join(folder, name), seconds, seconds);
    }
    pruneTaskLogs(folder, 2);
    assert.equal(readdirSync(folder), ['b', 'c']);
  }),
);

tasks.run();
