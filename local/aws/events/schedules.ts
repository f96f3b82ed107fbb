import type { ScheduleSpec } from '../../../terraform/reader/infrastructure.ts';
import type { AsyncInvoker } from './async-invoker.ts';
import { type Account, toEnvelope } from './event-bus.ts';

export interface ScheduleOptions extends Account {
  readonly schedules: readonly ScheduleSpec[];
  readonly invoker: AsyncInvoker;
  readonly now: () => Date;
}

/** EventBridge rules with a rate: the same "Scheduled Event" to the target, until closed. */
export function startSchedules(options: ScheduleOptions): { close(): void } {
  const { region, accountId, invoker, now } = options;
  const fire = ({ name, target }: ScheduleSpec): void => {
    const event = {
      source: 'aws.events',
      detailType: 'Scheduled Event',
      detail: {},
      resources: [`arn:aws:events:${region}:${accountId}:rule/${name}`],
    };
    void invoker.invoke(target, toEnvelope(event, { account: options, now }));
  };
  const timers = options.schedules.map((schedule) =>
    setInterval(fire, schedule.everySeconds * 1000, schedule),
  );
  return { close: () => timers.forEach((timer) => void clearInterval(timer)) };
}
