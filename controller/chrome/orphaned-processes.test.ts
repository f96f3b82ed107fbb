import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isRunning, untilGone } from '../testing/fake-browser.ts';
import { killOrphanedProcesses, pidsMentioning } from './orphaned-processes.ts';

interface Context {
  folder: string;
  /** A program in Chrome's own folder. */
  chrome: string;
  children: ChildProcess[];
}
const orphans = suite<Context>('the processes that Chrome leaves');

orphans.before.each(async (context) => {
  context.children = [];
  context.folder = await mkdtemp(path.join(tmpdir(), 'wallcrawler-orphans-'));
  context.chrome = path.join(context.folder, 'chrome/crashpad');
  await mkdir(path.dirname(context.chrome));
  await copyFile(await realpath('/bin/sh'), context.chrome);
  await chmod(context.chrome, 0o755);
});
orphans.after.each(async ({ folder, children }) => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** A process that runs until it is killed, with `word` in its command line; its own group, as a crash handler has. */
async function run({ children }: Context, program: string, word: string): Promise<number> {
  const child = spawn(program, ['-c', 'echo ready; read line', `--database=${word}/Crashpad`], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child.pid as number;
}

orphans('are killed when they are of this session, and nobody else', async (context) => {
  const { folder, chrome } = context;
  const [own, other] = [path.join(folder, 'session-1'), path.join(folder, 'session-2')];
  const orphan = await run(context, chrome, own);
  const ofAnotherSession = await run(context, chrome, other);
  const ofAnotherProgram = await run(context, '/bin/sh', own);
  killOrphanedProcesses(chrome, own);
  await untilGone(orphan);
  assert.equal([ofAnotherSession, ofAnotherProgram].map(isRunning), [true, true]);
});

orphans('are known by the folder of the program itself, whatever link it was started by', async (context) => {
  const link = path.join(context.folder, 'chromium');
  await symlink(context.chrome, link);
  const session = path.join(context.folder, 'session');
  const orphan = await run(context, link, session);
  killOrphanedProcesses(link, session);
  await untilGone(orphan);
});

orphans('are listed by their command line, until they are gone', async (context) => {
  const session = path.join(context.folder, 'session');
  const pid = await run(context, '/bin/sh', session);
  assert.equal(pidsMentioning(session), [pid]);
  process.kill(pid, 'SIGKILL');
  await untilGone(pid);
  assert.equal(pidsMentioning(session), []);
});

orphans.run();
