import type { Clock } from '../../core/domain/clock.ts';
import { type Span, sessionAttributesOf, type Tracing } from '../../core/tracing/tracing.ts';
import { type Assignment, lineIdsOfAssignment } from '../assignment/assignment.ts';
import type { ProxyEvents } from '../proxy/server.ts';

/** What a container does for its session, from its assignment until its browser can be driven: a part of its create. */
export const startContainerSpan = (
  tracing: Tracing,
  assignment: Assignment,
  {
    clock,
    start,
    sinceMs = 0,
  }: { readonly clock: Clock; readonly start: 'cold' | 'warm'; readonly sinceMs?: number },
): Span =>
  tracing.start('container', {
    parent: assignment.settings.origin?.traceparent ?? undefined,
    attributes: { ...sessionAttributesOf(lineIdsOfAssignment(assignment)), 'wallcrawler.start': start },
    startAtMs: clock.now() - sinceMs,
  });

/** The time in which somebody is connected: one span each time. `stop` ends what is left. */
export function traceClients(span: Span) {
  let connected: Span | undefined;
  const stop = () => {
    connected?.end();
    connected = undefined;
  };
  const onCdpClients: ProxyEvents['onCdpClients'] = (count) => {
    if (count === 0) return stop();
    connected ??= span.child('client');
  };
  return { onCdpClients, stop };
}
