import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { orderOfWaiters, type Turn, type Waiter } from './fair-queue.ts';

const now = new Date('2026-06-01T00:01:00.000Z');
const second = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();

/** `a1` waits for project a since second 1 before now's minute, and so on. */
const waiting = (...names: readonly string[]): Waiter[] =>
  names.map((name) => ({
    sessionId: name,
    projectId: name.slice(0, 1),
    joinedAt: second(-60 + Number(name.slice(1))),
    aliveUntil: second(3),
  }));
const served = (projectId: string, round: number, seconds = 0): Turn => ({
  projectId,
  round,
  servedAt: second(seconds),
});
const order = (waiters: readonly Waiter[], turns: readonly Turn[] = []) =>
  orderOfWaiters(waiters, turns, now).map(({ waiter }) => waiter.sessionId);

const queue = suite('the order of creates that wait for room');

queue('is that of their coming within a project', () => {
  assert.equal(order(waiting('a3', 'a1', 'a2')), ['a1', 'a2', 'a3']);
});

queue('gives the projects their turns, however many one of them sends', () => {
  assert.equal(order(waiting('a1', 'a2', 'a3', 'b5', 'c4', 'b9')), ['a1', 'c4', 'b5', 'a2', 'b9', 'a3']);
});

queue('goes on with the project that had fewer rounds', () => {
  assert.equal(order(waiting('a1', 'a2', 'b5', 'b6'), [served('a', 2), served('b', 1)]), [
    'b5',
    'a1',
    'b6',
    'a2',
  ]);
  assert.equal(order(waiting('a5', 'b1'), [served('a', 6), served('b', 7)]), ['a5', 'b1']);
});

queue('gives nobody the rounds in which it did not ask, and lets nobody wait for them', () => {
  const turns = [served('a', 40), served('b', 39), served('c', 2, -59), served('d', 90, -59)];
  assert.equal(order(waiting('c6', 'c7', 'a4', 'b5', 'd6', 'e8'), turns), [
    'b5',
    'c6',
    'd6',
    'e8',
    'a4',
    'c7',
  ]);
});

queue('passes over who has not said for a while that it still waits', () => {
  const [gone, ...rest] = waiting('a1', 'a2', 'b3');
  assert.equal(order([{ ...(gone as Waiter), aliveUntil: second(0) }, ...rest]), ['a2', 'b3']);
  assert.equal(order([]), []);
});

queue('lets no project starve: of ten, each is served once in ten turns, whatever comes in between', () => {
  let left = waiting(...[...'abcdefghij'].flatMap((project) => [1, 2, 3].map((n) => `${project}${n}`)));
  const turns = new Map<string, Turn>();
  const names: string[] = [];
  for (let step = 0; step < 30; step++) {
    const [next] = orderOfWaiters(left, [...turns.values()], now);
    assert.ok(next);
    const { projectId } = next.waiter;
    names.push(projectId);
    turns.set(projectId, served(projectId, next.round, -20));
    left = left.filter((waiter) => waiter !== next.waiter);
    // One project never stops asking.
    left = [...left, ...waiting(`a${10 + step}`)];
  }
  for (let from = 0; from < 30; from += 10)
    assert.is(new Set(names.slice(from, from + 10)).size, 10, `turns ${from} to ${from + 9}`);
});

queue.run();
