import { isTerminal, type Session, toPublicStatus } from './session.ts';
import type { EventData, EventType, NewEvent } from './session-event.ts';

/** The place of each in a session's life: none comes twice, and none after a later one. */
const NUMBER = {
  'session.created': 1,
  'session.claimed': 2,
  'session.ready': 3,
  'browser.out_of_memory': 4,
  'session.ended': 5,
} as const;

const event = <Type extends keyof typeof NUMBER & EventType>(
  type: Type,
  at: string,
  data: EventData<Type>,
): NewEvent => ({ number: NUMBER[type], at, type, data });

/**
 * Pure: what a session's record says has happened so far, in order. Of the state and not of one step, so that a step
 * which was read twice, or never, costs nothing: the next one says it as well.
 */
export function platformEventsOf(session: Session): readonly NewEvent[] {
  return [
    createdOf(session),
    claimedOf(session),
    readyOf(session),
    outOfMemoryOf(session),
    endedOf(session),
  ].filter((each) => each !== undefined);
}

const createdOf = (session: Session): NewEvent => {
  const { createdAt, keepAlive, region, timeoutSeconds, expiresAt, contextId, taskSize } = session;
  return event('session.created', createdAt, {
    keepAlive,
    region,
    timeoutSeconds,
    expiresAt,
    ...(contextId === undefined ? {} : { contextId }),
    ...(taskSize === undefined ? {} : { taskSize }),
  });
};

/** A warm container was chosen. Where it does not answer, the session goes to another one, or to one of its own. */
const claimedOf = ({ warmId, createdAt }: Session): NewEvent | undefined =>
  warmId === undefined ? undefined : event('session.claimed', createdAt, {});

const readyOf = ({ startedAt, createdAt, warmId }: Session): NewEvent | undefined =>
  startedAt === undefined
    ? undefined
    : event('session.ready', startedAt, {
        afterMs: Date.parse(startedAt) - Date.parse(createdAt),
        isWarm: warmId !== undefined,
      });

/** Whoever has seen it: the container of its browser, or ECS of the container. */
const outOfMemoryOf = ({ endedAt, endReason, endDetail = '' }: Session): NewEvent | undefined =>
  endReason !== 'out_of_memory' || endedAt === undefined
    ? undefined
    : event('browser.out_of_memory', endedAt, { detail: endDetail });

function endedOf({
  status,
  endedAt,
  endReason,
  endDetail,
  browserMinutes = 0,
}: Session): NewEvent | undefined {
  if (!isTerminal(status) || endedAt === undefined) return undefined;
  return event('session.ended', endedAt, {
    status: toPublicStatus(status),
    reason: endReason ?? 'unknown',
    ...(endDetail === undefined ? {} : { detail: endDetail }),
    browserMinutes,
  });
}
