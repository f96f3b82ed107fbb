import type { Clock } from '../core/domain/clock.ts';
import { ROUTER_CLOSES } from '../core/domain/close-codes.ts';
import { withTimeout } from '../core/server/with-timeout.ts';
import { REFUSALS, RefusedError } from './refusals.ts';
import type { Splice } from './splice.ts';

/** A client as draining sees it: one that waits has no splice yet. */
export interface OpenConnection {
  readonly abort: (reason: Error) => void;
  splice?: Splice;
}

export interface DrainDeps {
  readonly connections: () => readonly OpenConnection[];
  readonly whenEmpty: () => Promise<void>;
  readonly clock: Clock;
}

/** Who waits is sent away at once, who is connected after `drainMs`, and who does not go within `closeMs` then is cut. */
export async function drain(
  { connections, whenEmpty, clock }: DrainDeps,
  { drainMs, closeMs }: { readonly drainMs: number; readonly closeMs: number },
): Promise<void> {
  for (const { abort, splice } of connections()) {
    if (splice === undefined) abort(new RefusedError(REFUSALS.draining));
  }
  await withTimeout(whenEmpty(), drainMs, clock);
  const { code, text } = ROUTER_CLOSES.restarting;
  for (const { splice } of connections()) splice?.close(code, text);
  await withTimeout(whenEmpty(), closeMs, clock);
  for (const { splice } of connections()) splice?.cut();
}
