import { createClaimKey } from '../assignment/claim-key.ts';
import type { Claims } from '../assignment/claims.ts';
import type { Warm } from '../assignment/warm.ts';
import { type ContainerApi, createContainerApi, type PlatformView } from '../container-api/container-api.ts';
import { createWarmApi } from '../container-api/warm-api.ts';
import type { ContainerDeps } from './run-assigned.ts';
import type { OnRuns } from './runs.ts';
import { RunningSession } from './session.ts';
import { startClaimed } from './start-claimed.ts';
import { startContainerSpan } from './trace-session.ts';
import { type Claimed, WarmContainer } from './warm-container.ts';

/** A claim that could not be served. Nobody is told but whoever looks at the task. */
const EXIT_UNANSWERED = 1;

type WarmDeps = ContainerDeps & { readonly warm: Warm };

/** A container that waits for its session, and then works for it. Resolves with the process's exit code. */
export async function runWarm(deps: WarmDeps, onRuns: OnRuns): Promise<number> {
  const { identity, warm } = deps;
  const { warmId, token } = warm;
  const api = createWarmApi({ baseUrl: identity.containerApiUrl, warmId, token });
  const waiting = new WarmContainer({ ...deps, api, key: await createClaimKey() });
  onRuns(waiting);
  const outcome = await waiting.run();
  if ('exitCode' in outcome) return outcome.exitCode;
  // Nothing may be awaited between the two: a signal must find one of them.
  const session = sessionOf(outcome, deps);
  onRuns(session);
  const exitCode = await session.run();
  await deps.tracing.flush();
  return outcome.claims.isAnswered ? exitCode : EXIT_UNANSWERED;
}

function sessionOf({ assignment, container, resources, claims, logger }: Claimed, deps: WarmDeps) {
  const { sessionId, token, profileUrl, extensionUrl } = assignment;
  const { clock, tracing, identity } = deps;
  const span = startContainerSpan(tracing, assignment, { clock, start: 'warm' });
  const { traceparent } = span;
  const api = createContainerApi({ baseUrl: identity.containerApiUrl, sessionId, token, traceparent });
  return new RunningSession(
    { ...deps, assignment, api: onceAnswered(api, claims), logger: logger.logger, span },
    { start: startClaimed({ container, claims, profileUrl, extensionUrl }), resources },
  );
}

const UNHEARD: PlatformView = { isOver: false, endReason: null, expiresAtMs: Number.NaN };

/**
 * Whoever claimed this container and heard nothing good goes on to the next one, with the same session: of its end, and of
 * what happened, this one has nothing to say.
 */
const onceAnswered = (api: ContainerApi, claims: Pick<Claims, 'isAnswered'>): ContainerApi => ({
  ...api,
  reportEvents: async (events, options) => (claims.isAnswered ? api.reportEvents(events, options) : UNHEARD),
  reportEnded: async (report, options) => {
    if (claims.isAnswered) await api.reportEnded(report, options);
  },
});
