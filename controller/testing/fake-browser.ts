import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Reads commands from fd 3 and answers on fd 4, as Chrome does with --remote-debugging-pipe. */
const PROGRAM = `
const { Socket } = require('node:net');
const { spawn } = require('node:child_process');
const input = new Socket({ fd: 3, readable: true, writable: false });
const output = new Socket({ fd: 4, readable: false, writable: true });
const say = (message) => output.write(JSON.stringify(message) + '\\0');
let sessions = 0;
const methods = {
  'Browser.getVersion': () => ({ product: 'Fake/1' }),
  'Browser.close': () => {
    setImmediate(() => process.exit(0));
    return {};
  },
  'Target.attachToBrowserTarget': (_, sessionId) => {
    const opened = 'S' + ++sessions;
    say({ method: 'Target.attachedToTarget', params: { sessionId: opened }, sessionId });
    return { sessionId: opened };
  },
  'Fake.describe': () => ({
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    user: [process.getuid(), process.getgid()],
  }),
  'Fake.crash': () => {
    process.stderr.write('the last words\\n');
    process.kill(process.pid, 'SIGKILL');
  },
};
const take = ({ id, method, params, sessionId }) => {
  const result = (methods[method] ?? (() => ({})))(params, sessionId);
  if (result === undefined) return;
  if (result.error === undefined) say({ id, result, sessionId });
  else say({ id, error: result.error, sessionId });
};
const listen = () => {
  let partial = '';
  input.setEncoding('utf8').on('data', (chunk) => {
    const messages = (partial + chunk).split('\\0');
    partial = messages.pop();
    for (const message of messages) take(JSON.parse(message));
  });
  input.on('end', () => process.exit(0));
};
`;

export interface FakeBrowser {
  /** To be started as Chrome is. */
  readonly executable: string;
  /** A folder beside it, of this test. */
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * A program that stands in for Chrome. `script` runs before it listens: it may change `methods`, end the process or open
 * `listen` itself; a method that answers undefined is never answered.
 */
export async function writeFakeBrowser(script = '', { listens = true } = {}): Promise<FakeBrowser> {
  const folder = await mkdtemp(path.join(tmpdir(), 'wallcrawler-browser-'));
  const executable = path.join(folder, 'browser');
  await writeFile(`${executable}.js`, `${PROGRAM}${script}\n${listens ? 'listen();' : ''}\n`);
  // Not by a first line of its own: the path of a Node may be longer than a kernel takes there.
  await writeFile(
    executable,
    `#!/bin/sh\n[ "$1" = --version ] && exec echo Fake 150.1.2.3\nexec "${process.execPath}" "$0.js" "$@"\n`,
  );
  await chmod(executable, 0o755);
  return { executable, folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Whether a process runs. One that has ended and that nobody has asked for its exit does not. */
export function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.startsWith('Z') === false;
  } catch {
    return false;
  }
}

/** Resolves when the process is gone: what was killed takes a moment to go. */
export async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await setTimeout(5);
}
