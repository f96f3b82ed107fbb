import { randomUUID } from 'node:crypto';
import type { EventPattern, RuleSpec, ScheduleSpec } from '../../../terraform/reader/infrastructure.ts';
import type { AsyncInvoker } from './async-invoker.ts';

export interface Account {
  readonly region: string;
  readonly accountId: string;
}

/** What a rule is matched on and what its target gets besides the envelope. */
export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources?: readonly string[];
  readonly time?: Date;
}

/** An event as targets get it. */
export const toEnvelope = (
  { source, detailType, detail, resources = [], time }: BusEvent,
  { id = randomUUID(), account, now }: { id?: string | undefined; account: Account; now: () => Date },
) => ({
  version: '0',
  id,
  'detail-type': detailType,
  source,
  account: account.accountId,
  // EventBridge writes whole seconds.
  time: (time ?? now()).toISOString().replace(/\.\d{3}Z$/, 'Z'),
  region: account.region,
  resources,
  detail,
});

export interface EventBus {
  /** Delivers to the target of every rule that matches. False when a target has failed for good. */
  emit(event: BusEvent, eventId?: string): Promise<boolean>;
}

export interface EventBusOptions extends Account {
  readonly buses: readonly { readonly name: string }[];
  readonly rules: readonly Pick<RuleSpec, 'bus' | 'pattern' | 'target'>[];
  readonly invoker: AsyncInvoker;
  readonly now: () => Date;
  /** Hears of every event, whether a rule wants it or not. */
  readonly onEvent?: ((event: BusEvent) => void) | undefined;
}

/** The buses by name, each with its rules; AWS's own events go to the default one, which every account has. */
export function createEventBuses({ buses, rules, invoker, now, onEvent, ...account }: EventBusOptions) {
  /** An event that no rule wants is gone, as on AWS. */
  const createEventBus = (name: string): EventBus => ({
    async emit(event, eventId) {
      onEvent?.(event);
      const envelope = toEnvelope(event, { id: eventId, account, now });
      const wanting = rules.filter(({ bus, pattern }) => bus === name && matches(pattern, envelope));
      const delivered = await Promise.all(wanting.map(({ target }) => invoker.invoke(target, envelope)));
      return delivered.every(Boolean);
    },
  });
  const defaultBus = createEventBus('default');
  const named = buses.map(({ name }) => [name, createEventBus(name)] as const);
  return { defaultBus, buses: new Map([['default', defaultBus], ...named]) };
}

/** Every field of the pattern is in the event, with one of its values; of a list, one item must be among them. */
function matches(pattern: EventPattern, event: object): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value: unknown = Object.hasOwn(event, field) ? event[field as keyof typeof event] : undefined;
    if (isValues(wanted)) return [value].flat().some((item) => wanted.some((each) => each === item));
    return typeof value === 'object' && value !== null && matches(wanted, value);
  });
}

const isValues = (wanted: EventPattern[string]): wanted is readonly string[] => Array.isArray(wanted);

interface ScheduleOptions extends Pick<EventBusOptions, 'region' | 'accountId' | 'invoker' | 'now'> {
  readonly schedules: readonly ScheduleSpec[];
}

/** EventBridge rules with a rate: the same "Scheduled Event" to the target, until closed. */
export function startSchedules({ schedules, invoker, now, ...account }: ScheduleOptions): { close(): void } {
  const fire = ({ name, target }: ScheduleSpec): void => {
    const event = {
      source: 'aws.events',
      detailType: 'Scheduled Event',
      detail: {},
      resources: [`arn:aws:events:${account.region}:${account.accountId}:rule/${name}`],
    };
    void invoker.invoke(target, toEnvelope(event, { account, now }));
  };
  const timers = schedules.map((schedule) => setInterval(fire, schedule.everySeconds * 1000, schedule));
  return { close: () => timers.forEach((timer) => void clearInterval(timer)) };
}
