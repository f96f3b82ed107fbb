/** `npm start`: the whole platform on this machine, until Ctrl-C. */
import { apiKeyFileIn } from './data/api-key-file.ts';
import { readMachineConfig } from './start/config.ts';
import { startMachine } from './start/start-machine.ts';
import { describeMachine, describeStop, type KeptKey } from './start/welcome.ts';

const INTERRUPTED = 130;
const STOP_LIMIT_MS = 10_000;
// npm passes on a Ctrl-C that the terminal has sent us as well: what comes at once is the same one.
const SAME_SIGNAL_MS = 1_000;

function refuseToStart(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

const start = async () => {
  const config = readMachineConfig(process.env);
  const machine = await startMachine(config, (line) => console.log(line));
  const kept: KeptKey =
    config.apiKey === undefined ? { keyFile: apiKeyFileIn(config.dataDir) } : 'environment';
  return { ...machine, kept: process.stdout.isTTY ? undefined : kept };
};
const machine = start();
let stoppingSinceMs: number | undefined;

async function stop(exitCode: number): Promise<void> {
  if (stoppingSinceMs !== undefined) {
    // Impatience is a request of its own: what is left then is ended by the next start.
    if (performance.now() - stoppingSinceMs > SAME_SIGNAL_MS) process.exit(INTERRUPTED);
    return;
  }
  stoppingSinceMs = performance.now();
  setTimeout(() => process.exit(INTERRUPTED), STOP_LIMIT_MS).unref();
  console.log('stopping');
  const running = await machine;
  const before = running.load();
  await running.close();
  console.log(describeStop(before.running + before.queued));
  process.exit(exitCode);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
process.on('uncaughtException', (error) => {
  console.error(error);
  void stop(1);
});

machine.then((running) => {
  if (stoppingSinceMs === undefined) console.log(describeMachine(running, running.kept));
}, refuseToStart);
