import { systemClock } from '../core/clock/system-clock.ts';
import { createProcessLogger } from '../core/log/process-logger.ts';
import { requireConfig } from '../core/log/require-config.ts';
import { openTracing } from '../core/tracing/open-tracing.ts';
import { readControllerConfig } from './assignment/config.ts';
import { runAssigned } from './lifecycle/run-assigned.ts';
import type { Runs } from './lifecycle/runs.ts';

const logger = createProcessLogger('controller', process.env);
const { warm, assignments, ...container } = requireConfig(logger, () => readControllerConfig(process.env));

/** Whoever runs now: from here on whatever happens to the process happens to it. */
let running: Runs | undefined;
const onRuns = (next: Runs) => {
  running = next;
};
function fail(error: unknown): void {
  if (running !== undefined) {
    running.fail(error);
    return;
  }
  // There is nothing to end but the process.
  logger.error('the start failed', { error });
  process.exit(1);
}
const stop = () => (running === undefined ? process.exit(0) : running.stop());
process.on('uncaughtException', fail).on('unhandledRejection', fail);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
process.on('exit', () => running?.abandon());
// Whoever read the log is gone; the heartbeats tell whether anybody else is left.
process.stdout.on('error', () => undefined);

async function work(): Promise<number> {
  try {
    const tracing = await openTracing('controller', process.env, logger);
    const deps = { ...container, clock: systemClock, logger, tracing };
    if (warm === undefined) return await runAssigned({ ...deps, assignments }, onRuns);
    // Loaded only here: what seals and opens claims is nothing that a session needs.
    const { runWarm } = await import('./lifecycle/run-warm.ts');
    return await runWarm({ ...deps, warm }, onRuns);
  } catch (error) {
    logger.error('the shutdown failed', { error });
    return 1;
  }
}

void work().then((exitCode) => process.exit(exitCode));
