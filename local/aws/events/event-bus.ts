import { randomUUID } from 'node:crypto';
import type { RuleSpec } from '../../infrastructure.ts';
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

/** The default bus. An event that no rule wants is gone, as on AWS. */
export function createEventBus(options: {
  readonly rules: readonly RuleSpec[];
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
      const targets = options.rules.filter((rule) => matches(rule, event)).map((rule) => rule.target);
      const delivered = await Promise.all(targets.map((target) => options.invoker.invoke(target, envelope)));
      return delivered.every(Boolean);
    },
  };
}

const matches = ({ pattern }: RuleSpec, event: BusEvent): boolean =>
  pattern.source.includes(event.source) && pattern['detail-type'].includes(event.detailType);
