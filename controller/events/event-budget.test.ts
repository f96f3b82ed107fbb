import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EVENT_LIMITS } from '../../core/domain/session-event.ts';
import { createEventBudget } from './event-budget.ts';
import { CATEGORY_LIMITS } from './limits.ts';

const budgets = suite('how many events a container tells');

budgets('is a number for those that pages and clients make at will, and the last says so', () => {
  const budget = createEventBudget();
  const told = Array.from({ length: 2_000 }, () => budget.admit('page.opened', {})).flat();
  const limit = CATEGORY_LIMITS.page ?? 0;
  assert.is(told.length, limit + 1);
  assert.equal(told.at(-1)?.data, { limit, stopped: 'page' });
  assert.is(budget.admit('client.connected', {}).length, 1, 'others go on');
});

budgets('is one in all, whose last place is that of the word that there are no more', () => {
  const budget = createEventBudget();
  const told = Array.from({ length: 2_000 }, () => budget.admit('log.lost', {})).flat();
  assert.is(told.length, EVENT_LIMITS.maxOfContainer);
  assert.equal(told.at(-1), { number: told.length, type: 'events.stopped', data: { limit: told.length } });
});

budgets('leaves room for clients, however many pages and downloads there are', () => {
  const budget = createEventBudget();
  for (let count = 0; count < 2_000; count++)
    for (const type of ['page.opened', 'download.failed'] as const) budget.admit(type, {});
  assert.equal(
    budget.admit('client.connected', {}).map(({ type }) => type),
    ['client.connected'],
  );
});

budgets('leaves a few for crashes, whatever was told before', () => {
  const budget = createEventBudget();
  for (let count = 0; count < 2_000; count++) budget.admit('log.lost', {});
  const crashes = Array.from({ length: 100 }, () => budget.admit('browser.crashed', {})).flat();
  assert.is(crashes.length, EVENT_LIMITS.maxReserved);
  assert.is(crashes.at(-1)?.number, EVENT_LIMITS.maxOfContainer + EVENT_LIMITS.maxReserved);
});

budgets('numbers without a gap', () => {
  const budget = createEventBudget();
  const types = ['page.opened', 'client.connected', 'page.crashed', 'recording.part'] as const;
  const told = Array.from({ length: 4_000 }, (_, index) =>
    budget.admit(types[index % 4] ?? 'page.opened', {}),
  );
  const numbers = told.flat().map(({ number }) => number);
  assert.equal(
    numbers,
    numbers.map((_, index) => index + 1),
  );
});

budgets.run();
