import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordLog } from '../../../core/testing/record-log.ts';
import { Queue } from './queue.ts';
import { QueuePump } from './queue-pump.ts';

interface Event {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
    readonly receiptHandle: string;
    readonly attributes: { readonly ApproximateReceiveCount: string };
  }[];
}
const SPEC = { name: 'q', visibilityTimeoutSeconds: 60, retentionSeconds: 600 };

/** A pump on a queue, whose function `work` decides of each record. The test ends it. */
function pumpTo(work: (event: Event, queue: Queue) => unknown, spec: object = {}) {
  const queue = new Queue(SPEC);
  const log = recordLog();
  const pump = new QueuePump({
    queue,
    spec: { ...SPEC, batchSize: 10, ...spec },
    region: 'us-west-2',
    accountId: '0',
    invoke: async (event) => work(event as Event, queue),
    logger: log.logger,
    concurrency: 2,
  });
  return { queue, pump, log };
}

const pumps = suite('a queue that a function works off');

pumps('hands over what is sent, and deletes what the function does not name', async () => {
  const bodies: string[] = [];
  const { promise: all, resolve } = Promise.withResolvers<void>();
  const { queue, pump } = pumpTo(({ Records }) => {
    for (const { body } of Records) bodies.push(body);
    if (bodies.length === 3) resolve();
    return { batchItemFailures: [] };
  });
  for (const body of ['a', 'b', 'c']) queue.send(body);
  await all;
  await pump.close();
  assert.equal(bodies.toSorted(), ['a', 'b', 'c']);
  const gone = new AbortController().signal;
  assert.equal(await queue.receive({ max: 10, waitMs: 0, gone }), []);
});

pumps('hands over again what was named, at the time that the function has chosen', async () => {
  const { promise: done, resolve } = Promise.withResolvers<string[]>();
  const counts: string[] = [];
  const { queue, pump } = pumpTo(({ Records: [record] }, from) => {
    counts.push(record?.attributes.ApproximateReceiveCount ?? '');
    if (counts.length === 3) {
      resolve(counts);
      return undefined;
    }
    from.changeVisibility(record?.receiptHandle ?? '', 20);
    return { batchItemFailures: [{ itemIdentifier: record?.messageId }] };
  });
  queue.send('a');
  assert.equal(await done, ['1', '2', '3']);
  await pump.close();
});

pumps('gives up what fails too often, and says so', async () => {
  const handed: string[] = [];
  const { promise: last, resolve } = Promise.withResolvers<void>();
  const { queue, pump, log } = pumpTo(
    ({ Records: [record] }, from) => {
      handed.push(record?.body ?? '');
      from.changeVisibility(record?.receiptHandle ?? '', 1);
      if (record?.body === 'good') resolve();
      else queueMicrotask(() => handed.length === 2 && from.send('good'));
      if (record?.body !== 'good') throw new Error('the function crashed');
    },
    { maxReceives: 2, batchSize: 1 },
  );
  queue.send('bad');
  await last;
  await pump.close();
  assert.equal(handed, ['bad', 'bad', 'good']);
  assert.match(log.text(), 'the function crashed');
});

pumps('does not go on when it is closed, and gives back what it waits for', async () => {
  const { queue, pump } = pumpTo(() => assert.unreachable());
  await pump.close();
  queue.send('late');
  const gone = new AbortController().signal;
  assert.is((await queue.receive({ max: 1, waitMs: 0, gone })).length, 1);
});

pumps.run();
