import type { ScheduleSpec } from '../../../terraform/reader/infrastructure.ts';
import type { AsyncInvoker } from './async-invoker.ts';

/** EventBridge rules with a rate: the same "Scheduled Event" to the target, until closed. */
export function startSchedules(options: {
  readonly schedules: readonly ScheduleSpec[];
  readonly region: string;
  readonly accountId: string;
  readonly invoker: AsyncInvoker;
  readonly newId: () => string;
  readonly now: () => Date;
}): { close(): void } {
  const fire = ({ name, target }: ScheduleSpec): void => {
    void options.invoker.invoke(target, {
      version: '0',
      id: options.newId(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: options.accountId,
      time: options
        .now()
        .toISOString()
        .replace(/\.\d{3}Z$/, 'Z'),
      region: options.region,
      resources: [`arn:aws:events:${options.region}:${options.accountId}:rule/${name}`],
      detail: {},
    });
  };
  const timers = options.schedules.map((schedule) =>
    setInterval(fire, schedule.everySeconds * 1000, schedule),
  );
  return { close: () => timers.forEach((timer) => void clearInterval(timer)) };
}
