import {
  type AnyEventData,
  type ContainerEventType,
  EVENT_LIMITS,
  EVENT_TYPES,
  type NewEvent,
} from '../../core/domain/session-event.ts';
import { CATEGORY_LIMITS } from './limits.ts';

type Admitted = Omit<NewEvent, 'at'>;

export interface EventBudget {
  /** The event with its number, and that the limit is reached; nothing beyond it. */
  admit(type: ContainerEventType, data: AnyEventData): readonly Admitted[];
}

/** How many events a container tells: a page that opens windows without end fills no table. */
export function createEventBudget(): EventBudget {
  const counts = new Map<string, number>();
  let number = 0;
  let reserved = 0;
  const numbered = (type: ContainerEventType, data: AnyEventData): Admitted => ({
    number: ++number,
    type,
    data,
  });

  function admitReserved(type: ContainerEventType, data: AnyEventData): readonly Admitted[] {
    if (EVENT_TYPES[type].category !== 'crash' || reserved >= EVENT_LIMITS.maxReserved) return [];
    reserved += 1;
    return [numbered(type, data)];
  }

  return {
    admit(type, data) {
      const { category } = EVENT_TYPES[type];
      const limit = CATEGORY_LIMITS[category] ?? Number.POSITIVE_INFINITY;
      const count = (counts.get(category) ?? 0) + 1;
      if (count > limit || number >= EVENT_LIMITS.maxOfContainer) return admitReserved(type, data);
      // The last place is that of the word that there are no more.
      if (number === EVENT_LIMITS.maxOfContainer - 1) {
        const stopped = numbered('events.stopped', { limit: EVENT_LIMITS.maxOfContainer });
        return [stopped, ...admitReserved(type, data)];
      }
      counts.set(category, count);
      if (count < limit) return [numbered(type, data)];
      return [numbered(type, data), numbered('events.stopped', { limit, stopped: category })];
    },
  };
}
