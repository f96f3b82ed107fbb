/** What invokes functions by itself, and what is told when it ends: started last and stopped first. */
import { randomUUID } from 'node:crypto';
import type { Dynamodb } from '../aws/dynamodb/create-dynamodb.ts';
import type { Ecs } from '../aws/ecs/create-ecs.ts';
import { startSchedules } from '../aws/events/schedules.ts';
import { settleWithin } from '../processes/pause.ts';
import type { Events, Surroundings } from './open-stand-ins.ts';
import type { Step } from './ordered-start.ts';

export interface Sources {
  readonly dynamodb: Dynamodb;
  readonly ecs: Ecs;
  readonly events: Events;
  /** How long tasks may take to end by themselves. */
  readonly taskGraceMs: number;
}

const LAST_EVENTS_MS = 1_000;
const LAST_BATCH_MS = 500;

export const startStreams: Step<Pick<Sources, 'dynamodb'>, void> = ({ dynamodb }, onStop) => {
  onStop(() => settleWithin(dynamodb.stopSources(), LAST_BATCH_MS));
  dynamodb.startSources();
};

/**
 * Ends all tasks, and waits for the last events of them. Functions, and the API that controllers report to, must work
 * until this resolves.
 */
export async function stopContainers({ ecs, events, taskGraceMs }: Omit<Sources, 'dynamodb'>): Promise<void> {
  await ecs.stopAll('The machine is stopping', taskGraceMs);
  events.invoker.close();
  await settleWithin(events.invoker.idle(), LAST_EVENTS_MS);
}

/** Tells of the tasks that an earlier run left behind. */
export const followContainers: Step<Omit<Sources, 'dynamodb'>, void> = (given, onStop) => {
  onStop(() => stopContainers(given));
  given.ecs.announceOrphans();
};

export const followSchedules: Step<
  Pick<Surroundings, 'infrastructure' | 'now'> & Pick<Sources, 'events'>,
  void
> = ({ infrastructure, events, now }, onStop) => {
  const { schedules, region, accountId } = infrastructure;
  const { invoker } = events;
  onStop(startSchedules({ schedules, region, accountId, invoker, newId: randomUUID, now }).close);
};
