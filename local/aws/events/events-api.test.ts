import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejectionOf, serveServices, silentLogger } from '../testing/serve-services.ts';
import { createAsyncInvoker } from './async-invoker.ts';
import { createEventBuses, startSchedules } from './event-bus.ts';
import { createEventsApi } from './events-api.ts';

const events = suite('EventBridge');
const context = { region: 'us-west-2', accountId: '000000000000' };

const serve = (use: (machine: Machine) => Promise<void>) => async () => {
  const invocations: Machine['invocations'] = [];
  const invoker = createAsyncInvoker({
    invoke: async (target, event) =>
      void invocations.push({ target, event: event as Record<string, unknown> }),
    logger: silentLogger,
  });
  const rules = [
    { bus: 'default', pattern: { source: ['shop'], 'detail-type': ['sold', 'lost'] }, target: 'count' },
  ];
  const { buses } = createEventBuses({
    ...context,
    buses: [{ name: 'steps' }],
    rules: [...rules, { bus: 'steps', pattern: {}, target: 'all' }],
    invoker,
    now: () => new Date(),
  });
  const served = await serveServices({ events: createEventsApi(buses) });
  const client = new EventBridgeClient(served.client);
  try {
    await use({ client, invocations, idle: invoker.idle });
  } finally {
    client.destroy();
    await served.close();
  }
};

interface Machine {
  client: EventBridgeClient;
  invocations: { target: string; event: Record<string, unknown> }[];
  idle(): Promise<void>;
}

const sold = { Source: 'shop', DetailType: 'sold', Detail: '{"id":1}' };

events(
  'invokes the targets of the rules of its bus that match, with the envelope, and drops what no rule wants',
  serve(async ({ client, invocations, idle }) => {
    const Entries = [
      sold,
      { ...sold, DetailType: 'seen' },
      { ...sold, Source: 'other' },
      { ...sold, EventBusName: 'steps' },
    ];
    const answer = await client.send(new PutEventsCommand({ Entries }));
    await idle();
    assert.is(answer.FailedEntryCount, 0);
    assert.equal(
      invocations.map(({ target }) => target),
      ['count', 'all'],
    );
    const event = invocations[0]?.event ?? {};
    assert.is(event['detail-type'], 'sold');
    assert.is(event.source, 'shop');
    assert.equal(event.detail, { id: 1 });
    assert.is(event.id, answer.Entries?.[0]?.EventId);
    assert.match(String(event.time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  }),
);

events(
  'says of each bad entry what is wrong with it, and takes the others',
  serve(async ({ client, invocations, idle }) => {
    const Entries = [
      { ...sold, Detail: 'no json' },
      { ...sold, Detail: '[1]' },
      { ...sold, Source: 'aws.ecs' },
      { ...sold, EventBusName: 'elsewhere' },
      { Source: 'shop', Detail: '{}' },
      sold,
    ];
    const answer = await client.send(new PutEventsCommand({ Entries }));
    await idle();
    assert.is(answer.FailedEntryCount, 5);
    assert.equal(
      answer.Entries?.map(({ ErrorCode }) => ErrorCode),
      [
        'MalformedDetail',
        'MalformedDetail',
        'NotAuthorizedForSourceException',
        'InvalidArgument',
        'InvalidArgument',
        undefined,
      ],
    );
    assert.is(invocations.length, 1);
  }),
);

events(
  'refuses too many entries, what it would ignore, and operations it does not have',
  serve(async ({ client }) => {
    const faults = [[], Array(11).fill(sold), [{ ...sold, Resources: ['arn:x'] }]];
    for (const Entries of faults) {
      assert.is(
        (await rejectionOf(client.send(new PutEventsCommand({ Entries })))).name,
        'ValidationException',
      );
    }
    assert.match((await rejectionOf(client.send(new ListRulesCommand({})))).message, /ListRules/);
  }),
);

events('matches every field of a pattern, also within the detail', async () => {
  const invoked: unknown[] = [];
  const invoker = createAsyncInvoker({
    invoke: async (_target, event) => invoked.push((event as { detail: unknown }).detail),
    logger: silentLogger,
  });
  const pattern = { source: ['shop'], detail: { state: ['ON', 'OFF'], home: { city: ['Ulm'] } } };
  const { defaultBus: bus } = createEventBuses({
    ...context,
    buses: [],
    rules: [{ bus: 'default', pattern, target: 'count' }],
    invoker,
    now: () => new Date(),
  });
  const matching = { state: 'OFF', home: { city: ['Bonn', 'Ulm'] } };
  const details = [matching, { ...matching, state: 'off' }, { ...matching, home: 'Ulm' }, { state: 'ON' }];
  for (const detail of details) await bus.emit({ source: 'shop', detailType: 'sold', detail });
  assert.equal(invoked, [matching]);
});

events.run();

const invoker = suite('asynchronous invocations');

invoker('are tried again until they succeed, and given up when they do not', async () => {
  let calls = 0;
  const failing = (times: number) => async () => {
    calls += 1;
    if (calls <= times) throw new Error('not yet');
  };
  for (const [times, isDelivered, expectedCalls] of [
    [2, true, 3],
    [9, false, 3],
  ] as const) {
    calls = 0;
    const { invoke } = createAsyncInvoker({
      invoke: failing(times),
      logger: silentLogger,
      retryDelaysMs: [1, 1],
    });
    assert.is(await invoke('f', {}), isDelivered);
    assert.is(calls, expectedCalls);
  }
});

invoker('are tried a last time at once when the machine closes', async () => {
  let calls = 0;
  const retrying = createAsyncInvoker({
    invoke: async () => {
      calls += 1;
      if (calls === 1) throw new Error('not yet');
    },
    logger: silentLogger,
    retryDelaysMs: [600_000],
  });
  const delivery = retrying.invoke('f', {});
  setImmediate(retrying.close);
  assert.is(await delivery, true);
  await retrying.idle();
});

invoker('are made by schedules', async () => {
  const targets: string[] = [];
  const scheduled = createAsyncInvoker({
    invoke: async (target) => void targets.push(target),
    logger: silentLogger,
  });
  await new Promise<void>((resolve) => {
    const schedules = startSchedules({
      ...context,
      schedules: [{ name: 's', everySeconds: 0.01, target: 'sweeper' }],
      invoker: scheduled,
      now: () => {
        schedules.close();
        resolve();
        return new Date();
      },
    });
  });
  await scheduled.idle();
  assert.equal(targets, ['sweeper']);
});

invoker.run();
