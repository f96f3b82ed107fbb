import { randomUUID } from 'node:crypto';
import type { EventPattern, RuleSpec } from '../../../terraform/reader/infrastructure.ts';
import type { AsyncInvoker } from './async-invoker.ts';

/** What a rule is matched on and what its target gets besides the envelope. */
export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources?: readonly string[];
  readonly time?: Date;
}

export interface EventBus {
  /** Delivers to the target of every rule that matches. False when a target has failed for good. */
  emit(event: BusEvent, eventId?: string): Promise<boolean>;
}

/** One bus with its rules. An event that no rule wants is gone, as on AWS. */
export function createEventBus(options: {
  readonly rules: readonly Pick<RuleSpec, 'pattern' | 'target'>[];
  readonly region: string;
  readonly accountId: string;
  readonly invoker: AsyncInvoker;
  readonly now: () => Date;
}): EventBus {
  return {
    async emit(event, eventId = randomUUID()) {
      const envelope = {
        version: '0',
        id: eventId,
        'detail-type': event.detailType,
        source: event.source,
        account: options.accountId,
        // EventBridge writes whole seconds.
        time: (event.time ?? options.now()).toISOString().replace(/\.\d{3}Z$/, 'Z'),
        region: options.region,
        resources: event.resources ?? [],
        detail: event.detail,
      };
      const targets = options.rules
        .filter(({ pattern }) => matches(pattern, envelope))
        .map(({ target }) => target);
      const delivered = await Promise.all(targets.map((target) => options.invoker.invoke(target, envelope)));
      return delivered.every(Boolean);
    },
  };
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
