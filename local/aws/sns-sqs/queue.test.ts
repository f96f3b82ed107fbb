import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Message, Queue } from './queue.ts';
import { passesFilter, readPublish } from './sns-api.ts';

const spec = { name: 'q', visibilityTimeoutSeconds: 5, retentionSeconds: 60 };
const present = new AbortController().signal;

/** A queue whose clock stands still until it is moved. */
function queueAt() {
  let nowMs = 0;
  const queue = new Queue(spec, () => nowMs);
  const receive = (max = 10, waitMs = 0, gone = present) => queue.receive({ max, waitMs, gone });
  return {
    queue,
    receive,
    move(ms: number) {
      nowMs += ms;
    },
  };
}
const bodies = (messages: readonly Message[]) => messages.map(({ body }) => body);

const t = suite('a queue');

t('gives what was sent first at first, and no more than is asked for', async () => {
  const { queue, receive } = queueAt();
  for (const body of ['a', 'b', 'c']) queue.send(body);
  assert.equal(bodies(await receive(2)), ['a', 'b']);
  assert.equal(bodies(await receive(2)), ['c']);
  assert.equal(await receive(), []);
});

t('gives a message again when its time is over, with another receipt and a count', async () => {
  const { queue, receive, move } = queueAt();
  queue.send('a');
  const [first] = await receive();
  const receipt = first?.receipt ?? '';
  move(5_000);
  const [second] = await receive();
  assert.is(second?.receiveCount, 2);
  assert.is.not(second?.receipt, receipt);
  queue.delete(receipt);
  assert.not(queue.changeVisibility(receipt, 0), 'the old receipt moves nothing');
  assert.ok(queue.changeVisibility(second?.receipt ?? '', 0));
  const [third] = await receive();
  queue.delete(third?.receipt ?? '');
  move(5_000);
  assert.equal(await receive(), []);
});

t('takes no change for a message that is visible again', async () => {
  const { queue, receive, move } = queueAt();
  queue.send('a');
  const [message] = await receive();
  move(5_000);
  assert.not(queue.changeVisibility(message?.receipt ?? '', 60_000));
});

t('forgets what nobody has taken in its retention time', async () => {
  const { queue, receive, move } = queueAt();
  queue.send('a');
  move(59_000);
  queue.send('b');
  move(1_000);
  assert.equal(bodies(await receive()), ['b']);
});

t('wakes who has waited longest, and one for each message', async () => {
  const { queue, receive } = queueAt();
  const waiting = [receive(1, 10_000), receive(1, 10_000)];
  queue.send('a');
  queue.send('b');
  assert.equal((await Promise.all(waiting)).map(bodies), [['a'], ['b']]);
  queue.close();
});

t('lets nobody who comes later go before who waits', async () => {
  const { queue, receive } = queueAt();
  const first = receive(1, 10_000);
  const second = receive(1, 10_000);
  queue.send('a');
  assert.equal(bodies(await first), ['a']);
  queue.close();
  assert.equal(await second, []);
});

t('gives nothing to who waits until its time is over', async () => {
  const { receive } = queueAt();
  assert.equal(await receive(1, 1), []);
});

t('gives back what somebody took who has gone', async () => {
  const { queue, receive } = queueAt();
  const gone = new AbortController();
  queue.send('a');
  assert.equal(bodies(await receive(10, 0, gone.signal)), ['a']);
  assert.equal(await receive(), []);
  gone.abort();
  assert.equal(bodies(await receive()), ['a']);
});

t('does not give back what somebody else has taken meanwhile', async () => {
  const { queue, receive, move } = queueAt();
  const gone = new AbortController();
  queue.send('a');
  await receive(10, 0, gone.signal);
  move(5_000);
  assert.equal(bodies(await receive()), ['a']);
  gone.abort();
  assert.equal(await receive(), []);
});

t.run();

const publish = suite('what is published');

const formOf = (fields: Readonly<Record<string, string>>) =>
  new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', TopicArn: 't', Message: 'm', ...fields });
const attribute = (index: number, name: string, value: string, type = 'String') => ({
  [`MessageAttributes.entry.${index}.Name`]: name,
  [`MessageAttributes.entry.${index}.Value.DataType`]: type,
  [`MessageAttributes.entry.${index}.Value.StringValue`]: value,
});

publish('is read with its attributes', () => {
  const form = formOf({ ...attribute(1, 'shard', '3'), ...attribute(2, 'colour', 'red') });
  assert.equal(readPublish(form), {
    topicArn: 't',
    message: 'm',
    attributes: { shard: '3', colour: 'red' },
  });
});

publish('is refused where this stand-in would ignore something, or something is missing', () => {
  const faults: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{ Message: '' }, /Publish\.Message/],
    [{ TopicArn: '' }, /Publish\.TopicArn/],
    [{ MessageGroupId: 'g' }, /MessageGroupId/],
    [attribute(1, 'list', '["a"]', 'String.Array'), /text attributes only/],
    [attribute(1, 'empty', ''), /Publish\.Value\.StringValue/],
    [
      { 'MessageAttributes.entry.1.Value.BinaryValue': 'eA==' },
      /MessageAttributes\.entry\.1\.Value\.BinaryValue/,
    ],
  ];
  for (const [fields, message] of faults) assert.throws(() => readPublish(formOf(fields)), message);
});

publish('passes a filter by every name of it, with one of its values', () => {
  const policy = { shard: ['1', '2'], colour: ['red'] };
  assert.ok(passesFilter(policy, { shard: '2', colour: 'red', more: 'x' }));
  assert.ok(passesFilter({}, {}));
  for (const attributes of [{ shard: '3', colour: 'red' }, { shard: '1' }, {}]) {
    assert.not(passesFilter(policy, attributes));
  }
  assert.not(passesFilter({ toString: ['x'] }, {}), 'what every object has is no attribute');
});

publish.run();
