/** Runs commands as process groups, so that whatever they started can be ended with them. */
import { spawn } from 'node:child_process';

const TERMINATE_GRACE_MS = 2_000;
const PIPE_GRACE_MS = 1_000;
const MAX_OUTPUT_BYTES = 1_000_000;

const running = new Set();

/** Signals a process group; false when none is left. */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    if (error.code === 'ESRCH' || error.code === 'EPERM') return false;
    throw error;
  }
}

function endGroup(pid) {
  signalGroup(pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), TERMINATE_GRACE_MS);
  timer.unref();
}

/** Ends everything that still runs. */
export function endAll() {
  for (const pid of running) endGroup(pid);
}

/** Collects the last MAX_OUTPUT_BYTES of streams, in the order in which they came. */
function collect(...streams) {
  const chunks = [];
  let size = 0;
  const add = (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    while (size > MAX_OUTPUT_BYTES && chunks.length > 1) size -= chunks.shift().length;
  };
  for (const stream of streams) stream.on('data', add);
  return () => Buffer.concat(chunks).toString('utf8');
}

/**
 * Runs a command to its end, or to `limitMs`. Returns {code, output, stdout, isTimedOut, seconds}; `output` is of both streams. `onStart` gets the
 * pid, and `onExit` ends what has left the process group: what the command left behind would hold its pipes, and the machine.
 */
export function runCommand(command, args, { cwd, limitMs, env = process.env, onStart, onExit }) {
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child.stdout, child.stderr);
  const stdout = collect(child.stdout);
  if (child.pid !== undefined) onStart?.(child.pid);
  let isTimedOut = false;
  const limit = setTimeout(() => {
    isTimedOut = true;
    endGroup(child.pid);
  }, limitMs);
  running.add(child.pid);
  return new Promise((resolve) => {
    const settle = (code, text) => {
      clearTimeout(limit);
      running.delete(child.pid);
      resolve({
        code,
        output: text,
        stdout: stdout(),
        isTimedOut,
        seconds: (performance.now() - startedAt) / 1000,
      });
    };
    child.once('error', (error) => settle(1, error.message));
    child.once('exit', (code) => {
      signalGroup(child.pid, 'SIGKILL');
      onExit?.();
      const late = setTimeout(() => child.stdout.destroy() && child.stderr.destroy(), PIPE_GRACE_MS);
      child.once('close', () => {
        clearTimeout(late);
        settle(code ?? 1, output());
      });
    });
  });
}
