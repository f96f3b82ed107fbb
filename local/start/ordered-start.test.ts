import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createListLogger } from '../aws/testing/serve-services.ts';
import { type OnStop, OrderedStart } from './ordered-start.ts';

interface Given {
  readonly log: string[];
}

/** A step that tells of its start and its stop, and makes `made`. */
const stepOf =
  <Made>(name: string, made: Made) =>
  async ({ log }: Given, onStop: OnStop): Promise<Made> => {
    onStop(() => void log.push(`${name} stops`));
    log.push(`${name} starts`);
    return made;
  };
const failing = ({ log }: Given, onStop: OnStop): void => {
  onStop(() => void log.push('half of it stops'));
  throw new Error('no luck');
};
const rejectionOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'it resolved',
    (error: Error) => error.message,
  );

const t = suite('an ordered start');

t('gives each step what those before it have made, and stops in reverse', async () => {
  const log: string[] = [];
  const list = new OrderedStart<Given>()
    .step('one', stepOf('one', { first: 1 }))
    .step('two', stepOf('two', undefined))
    .step('three', ({ first }) => ({ sum: first + 2 }));
  const started = await list.run({ log });
  assert.is(started.sum, 3);
  assert.is(started.log, log, 'what was given is there too');
  await started.close();
  assert.equal(log, ['one starts', 'two starts', 'two stops', 'one stops']);
});

t('stops once, however often it is asked to', async () => {
  const log: string[] = [];
  const started = await new OrderedStart<Given>().step('one', stepOf('one', {})).run({ log });
  await Promise.all([started.close(), started.close()]);
  await started.close();
  assert.equal(log, ['one starts', 'one stops']);
});

t(
  'undoes what has started when a step fails, the half of that step as well, and starts nothing more',
  async () => {
    const log: string[] = [];
    const list = new OrderedStart<Given>()
      .step('one', stepOf('one', {}))
      .step('two', failing)
      .step('three', stepOf('three', {}));
    assert.is(await rejectionOf(list.run({ log })), 'no luck');
    assert.equal(log, ['one starts', 'half of it stops', 'one stops']);
  },
);

t('goes on to stop when one stop fails, and says in the log whose it was', async () => {
  const log: string[] = [];
  const { logger, lines } = createListLogger();
  const started = await new OrderedStart<Given>()
    .step('log', () => ({ logger }))
    .step('one', stepOf('one', {}))
    .step('stuck', (_, onStop) => onStop(() => Promise.reject(new Error('it is stuck'))))
    .run({ log });
  await started.close();
  assert.equal(log, ['one starts', 'one stops']);
  assert.is(lines.length, 1);
  assert.match(lines[0] ?? '', /A part did not stop.*stuck/);
});

t('tells the log of a start that fails, if there is one by then', async () => {
  const { logger, lines } = createListLogger();
  const list = new OrderedStart<Given>().step('log', () => ({ logger })).step('two', failing);
  assert.is(await rejectionOf(list.run({ log: [] })), 'no luck');
  assert.match(lines[0] ?? '', /The start has failed.*no luck/);
});

t('takes in another list, whose steps are one stack with its own', async () => {
  const log: string[] = [];
  const inner = new OrderedStart<Given & { first: number }>()
    .step('two', stepOf('two', { second: 2 }))
    .step('three', stepOf('three', {}));
  const started = await new OrderedStart<Given>()
    .step('one', stepOf('one', { first: 1 }))
    .steps(inner)
    .step('four', ({ first, second }) => ({ sum: first + second }))
    .run({ log });
  assert.is(started.sum, 3);
  await started.close();
  assert.equal(log.slice(3), ['three stops', 'two stops', 'one stops']);
});

t('leaves a list as it is when a step is added: two can go on from the same one', async () => {
  const log: string[] = [];
  const common = new OrderedStart<Given>().step('one', stepOf('one', {}));
  const longer = common.step('two', stepOf('two', {}));
  await (await common.run({ log })).close();
  await (await longer.run({ log })).close();
  assert.equal(log, ['one starts', 'one stops', 'one starts', 'two starts', 'two stops', 'one stops']);
});

t.run();
