import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ClientTokens } from './client-tokens.ts';
import type { RunTaskInput } from './run-task-input.ts';
import type { Task } from './task.ts';
import type { PlacementFailure } from './task-supervisor.ts';

const definition = {
  family: 'f',
  container: 'x',
  port: 1,
  stopTimeoutSeconds: 1,
  environment: {},
  roles: [],
};
const inputOf = (clientToken?: string): RunTaskInput => ({
  cluster: 'c',
  definition,
  environment: {},
  ...(clientToken === undefined ? {} : { clientToken }),
});
const failure: PlacementFailure = { reason: 'RESOURCE:PORTS', detail: 'none' };

/** Starts that are counted; each gives what `results` says next. */
function counted(...results: readonly (() => Promise<Task | PlacementFailure>)[]) {
  let starts = 0;
  const start = () => results[starts++]?.() ?? Promise.resolve({ id: `task ${starts}` } as Task);
  return { start, count: () => starts };
}

const t = suite('client tokens');

t('give the same task to the same token, also while it is being started', async () => {
  const tokens = new ClientTokens();
  const { promise, resolve } = Promise.withResolvers<Task>();
  const { start, count } = counted(() => promise);
  const both = [tokens.once(inputOf('a'), start), tokens.once(inputOf('a'), start)];
  resolve({ id: 'one' } as Task);
  assert.equal(await Promise.all(both), [{ id: 'one' }, { id: 'one' }]);
  await tokens.once(inputOf('a'), start);
  assert.is(count(), 1);
});

t('are each for themselves, and a request without one is always new', async () => {
  const tokens = new ClientTokens();
  const { start, count } = counted();
  for (const token of ['a', 'b', undefined, undefined]) await tokens.once(inputOf(token), start);
  assert.is(count(), 4);
});

t('are free again when nothing was started, or the start failed', async () => {
  const tokens = new ClientTokens();
  const { start, count } = counted(
    async () => failure,
    () => Promise.reject(new Error('no')),
  );
  assert.equal(await tokens.once(inputOf('a'), start), failure);
  await tokens.once(inputOf('a'), start).catch(() => undefined);
  assert.ok('id' in (await tokens.once(inputOf('a'), start)));
  assert.is(count(), 3);
});

t('are free again when their task is forgotten', async () => {
  const tokens = new ClientTokens();
  const { start, count } = counted();
  await tokens.once(inputOf('a'), start);
  tokens.forget(undefined);
  tokens.forget('a');
  await tokens.once(inputOf('a'), start);
  assert.is(count(), 2);
});

t.run();
