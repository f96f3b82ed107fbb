/** `npm start`: the whole platform on this machine, until Ctrl-C. */
import { readMachineConfig } from './config.ts';
import { startMachine } from './start-machine.ts';
import { describeMachine } from './welcome.ts';

const INTERRUPTED = 130;
const STOP_LIMIT_MS = 10_000;

function refuseToStart(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function readConfigOrExit() {
  try {
    return readMachineConfig(process.env);
  } catch (error) {
    return refuseToStart(error);
  }
}

const machine = startMachine(readConfigOrExit(), (line) => console.log(line));
let isStopping = false;

async function stop(exitCode: number): Promise<void> {
  // Impatience is a request of its own: what is left then is ended by the next start.
  if (isStopping) process.exit(INTERRUPTED);
  isStopping = true;
  setTimeout(() => process.exit(INTERRUPTED), STOP_LIMIT_MS).unref();
  console.log('stopping');
  await (await machine).close();
  process.exit(exitCode);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
process.on('uncaughtException', (error) => {
  console.error(error);
  void stop(1);
});

machine.then((running) => {
  if (!isStopping) console.log(describeMachine(running));
}, refuseToStart);
