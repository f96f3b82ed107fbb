import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { identityOf, isRunning, type ProcessIdentity, signalProcess } from '../../processes/process-table.ts';
import { readInfrastructure } from '../../start/infrastructure.ts';
import { closeAtEnd } from '../testing/open-things.ts';
import { rejectionOf, withFolder } from '../testing/serve-services.ts';
import { startTestAws, testLauncher } from '../testing/start-test-aws.ts';
import { createTask } from './create-task.ts';
import { launchTask } from './launch-task.ts';
import { createTaskRecords } from './task-records.ts';

const recovery = suite('recovery after kill -9');
const SCRIPT = fileURLToPath(new URL('../testing/run-task-and-wait.ts', import.meta.url));

async function firstLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return line;
}

recovery('ends the orphans, removes their folders, and tells of their end once someone listens', () =>
  withFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const parent = spawn(process.execPath, [SCRIPT, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    closeAtEnd(async () => void parent.kill('SIGKILL'));
    const { taskArn, pids } = JSON.parse(await firstLine(parent)) as { taskArn: string; pids: number[] };
    const orphans = pids.flatMap((pid) => identityOf(pid) ?? []);
    const database = JSON.parse(
      readFileSync(join(dataDir, 'dynamodb/process.json'), 'utf8'),
    ) as ProcessIdentity;
    closeAtEnd(async () => [...orphans, database].forEach((left) => void signalProcess(left, 'SIGKILL')));
    assert.is((await rejectionOf(startTestAws(dataDir))).name, 'DataFolderInUse');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    assert.is(orphans.filter(isRunning).length, 2);
    assert.ok(isRunning(database));
    assert.ok(existsSync(join(`${dataDir}-sessions`, 'orphan')));

    const aws = await startTestAws(dataDir);
    assert.not(orphans.some(isRunning));
    assert.not(isRunning(database));
    assert.not(existsSync(join(`${dataDir}-sessions`, 'orphan')));
    assert.equal(aws.taskEvents('STOPPED'), []);
    await aws.startEventSources();
    await aws.idle();
    const [event, ...others] = aws.taskEvents('STOPPED');
    assert.is(event.detail.taskArn, taskArn);
    assert.is(event.detail.startedBy, 'orphan');
    assert.is(event.detail.stopCode, 'TerminationNotice');
    assert.is(others.length, 0);
    await aws.close();
    assert.equal(readdirSync(join(dataDir, 'tasks')), []);
  }),
);

recovery('finds a controller that was spawned when its pid was not on disk yet', () =>
  withFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const bundle = join(folder, 'controller.cjs');
    // It has no Chrome yet that would name the folder.
    writeFileSync(bundle, 'setInterval(() => {}, 1000)');
    const launcher = { ...testLauncher(dataDir, bundle), compileCache: folder };
    const { clusters, tasks } = readInfrastructure();
    const task = createTask(
      {
        cluster: clusters.browsers.name,
        definition: tasks.browsers,
        environment: { SESSION_ID: 'orphan' },
        startedBy: 'orphan',
      },
      { hostPort: 1 },
      { account: { region: 'us-west-2', accountId: '000000000000' }, launcher, now: () => new Date() },
    );
    mkdirSync(join(dataDir, 'tasks'), { recursive: true });
    createTaskRecords(join(dataDir, 'tasks')).save(task);
    const child = await launchTask(launcher, task, {});
    closeAtEnd(async () => void child.kill('SIGKILL'));
    const identity = identityOf(child.pid ?? 0);
    assert.ok(identity && isRunning(identity));

    const aws = await startTestAws(dataDir);
    assert.not(isRunning(identity));
    await aws.startEventSources();
    await aws.idle();
    const [event] = aws.taskEvents('STOPPED');
    assert.is(event?.detail.startedBy, 'orphan');
    await aws.close();
    assert.equal(readdirSync(join(dataDir, 'tasks')), []);
  }),
);

recovery.run();
