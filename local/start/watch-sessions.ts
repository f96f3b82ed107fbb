/** Follows the platform's own events of its sessions: for the terminal, and for whoever asks how full the machine is. */

import { EVENT_SOURCE } from '../../core/aws/signals/put-event.ts';
import { LIFECYCLE_EVENT_TYPE, type LifecycleEvent } from '../../core/aws/signals/put-lifecycle-event.ts';
import { METRICS } from '../../core/domain/metrics.ts';
import { prometheusNameOf } from '../../core/domain/prometheus-name.ts';
import { isConnectable, isTerminal, type SessionStatus } from '../../core/domain/session.ts';
import { createMetrics } from '../../core/server/metrics.ts';
import type { BusEvent } from '../aws/events/event-bus.ts';

interface Seen {
  readonly createdAtMs: number;
  isReady: boolean;
}

export type SessionWatch = ReturnType<typeof watchSessions>;

// A stream's record may come twice, and an end is told once.
const REMEMBERED_ENDS = 1_000;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** `tell` gets one line for each session that has its browser, and one for each that ends. */
export function watchSessions(tell: (line: string) => void) {
  const live = new Map<string, Seen>();
  const ended = new Set<string>();
  const metrics = createMetrics();
  const count = (isReady: boolean) => [...live.values()].filter((seen) => seen.isReady === isReady).length;
  const load = () => ({ running: count(true), queued: count(false) });
  metrics.gauge(prometheusNameOf('SessionsLive', METRICS.SessionsLive), () => live.size);
  metrics.gauge('wallcrawler_sessions', () => {
    const { running, queued } = load();
    return { label: 'state', values: { running, starting: queued } };
  });

  function onEnd(sessionId: string, line: string, reason: string): void {
    live.delete(sessionId);
    ended.add(sessionId);
    if (ended.size > REMEMBERED_ENDS) ended.delete(ended.values().next().value ?? '');
    tell(`${line}: ${reason}`);
  }

  function onStep({ sessionId, projectId, at, endReason, ...step }: LifecycleEvent): void {
    if (ended.has(sessionId)) return;
    const status = step.status as SessionStatus;
    const atMs = Date.parse(at);
    const seen = live.get(sessionId) ?? { createdAtMs: atMs, isReady: false };
    const isKnown = live.has(sessionId);
    const lived = isKnown ? ` after ${seconds(atMs - seen.createdAtMs)}` : '';
    const who = `Session    ${sessionId} of ${projectId}`;
    if (isTerminal(status)) {
      onEnd(sessionId, `${who} ended${lived}`, endReason ?? 'unknown');
      return;
    }
    live.set(sessionId, seen);
    if (!isConnectable(status) || seen.isReady) return;
    seen.isReady = true;
    tell(`${who} started${lived}`);
  }

  return {
    onEvent({ source, detailType, detail }: Pick<BusEvent, 'source' | 'detailType' | 'detail'>): void {
      if (source === EVENT_SOURCE && detailType === LIFECYCLE_EVENT_TYPE) onStep(detail as LifecycleEvent);
    },
    /** How many have a browser, and how many wait for theirs. */
    load,
    metrics,
  };
}
