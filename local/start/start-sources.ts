/** What invokes functions by itself, and what is told when it ends: started last and stopped first. */
import { randomUUID } from 'node:crypto';
import type { Dynamodb } from '../aws/dynamodb/create-dynamodb.ts';
import type { Ecs } from '../aws/ecs/create-ecs.ts';
import { startSchedules } from '../aws/events/schedules.ts';
import { settleWithin } from '../processes/pause.ts';
import type { Events, Surroundings } from './open-stand-ins.ts';
import type { OnStop } from './ordered-start.ts';

export interface Sources extends Pick<Surroundings, 'infrastructure' | 'now'> {
  readonly dynamodb: Dynamodb;
  readonly ecs: Ecs;
  readonly events: Events;
  /** How long tasks may take to end by themselves. */
  readonly taskGraceMs: number;
}

const LAST_EVENTS_MS = 1_000;
const LAST_BATCH_MS = 500;

export function startStreams({ dynamodb }: Sources, onStop: OnStop): void {
  onStop(() => settleWithin(dynamodb.stopSources(), LAST_BATCH_MS));
  dynamodb.startSources();
}

/** Tells of the tasks that an earlier run left behind. */
export function followContainers(given: Sources, onStop: OnStop): void {
  onStop(() => stopContainers(given));
  given.ecs.announceOrphans();
}

/**
 * Ends all tasks, and waits for the last events of them. Functions, and the API that controllers report to, must work
 * until this resolves.
 */
export async function stopContainers({ ecs, events, taskGraceMs }: Sources): Promise<void> {
  await ecs.stopAll('The machine is stopping', taskGraceMs);
  events.invoker.close();
  await settleWithin(events.invoker.idle(), LAST_EVENTS_MS);
}

export const followSchedules = ({ infrastructure, events, now }: Sources, onStop: OnStop): void =>
  onStop(startSchedules({ ...infrastructure, invoker: events.invoker, newId: randomUUID, now }).close);
