import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AsyncInvoker } from './async-invoker.ts';
import { startSchedules, toEnvelope } from './event-bus.ts';

const account = { region: 'us-west-2', accountId: '000000000000' };
const now = () => new Date('2026-01-01T00:00:00.789Z');

const t = suite('schedules');

t('invoke their targets again and again with the event of EventBridge, until they are closed', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const events: [string, Record<string, unknown>][] = [];
  const invoker: AsyncInvoker = {
    async invoke(target, event) {
      if (events.push([target, event as Record<string, unknown>]) === 2) resolve();
      return true;
    },
    idle: async () => undefined,
    close: () => undefined,
  };
  const schedules = [
    { name: 'sweep', everySeconds: 0.01, target: 'sweeper' },
    { name: 'rarely', everySeconds: 3600, target: 'other' },
  ];
  const { close } = startSchedules({ ...account, schedules, invoker, now });
  await promise;
  close();
  const seen = events.length;
  await new Promise((later) => setTimeout(later, 30));
  assert.is(events.length, seen);
  const [[target, { id, ...event }] = ['', {}]] = events;
  assert.match(String(id), /^[0-9a-f-]{36}$/);
  assert.equal(
    [target, event],
    [
      'sweeper',
      {
        version: '0',
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '000000000000',
        time: '2026-01-01T00:00:00Z',
        region: 'us-west-2',
        resources: ['arn:aws:events:us-west-2:000000000000:rule/sweep'],
        detail: {},
      },
    ],
  );
});

t('and others write the time of an event itself, where it has one', () => {
  const event = {
    source: 's',
    detailType: 'd',
    detail: { a: 1 },
    time: new Date('2025-06-01T12:00:00.500Z'),
  };
  const { time, resources, detail } = toEnvelope(event, { id: 'id', account, now });
  assert.equal([time, resources, detail], ['2025-06-01T12:00:00Z', [], { a: 1 }]);
});

t.run();
