import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newWarmContainer } from '../testing/new-warm-container.ts';
import { decideKeep, type PoolSeen } from './decide-keep.ts';
import { CONTAINER_START, WARM } from './timing.ts';
import { type WarmContainer, warmSlot } from './warm-container.ts';

const now = new Date('2026-06-01T00:30:00.000Z');
const agoMs = (ms: number) => new Date(now.getTime() - ms).toISOString();

/** In slot `number`, started some minutes ago. */
const container = (number: number, changes: Partial<WarmContainer> = {}): WarmContainer => {
  const startedAt = agoMs(600_000 + number);
  const expiresAt = new Date(Date.parse(startedAt) + WARM.maxAgeMs).toISOString();
  return newWarmContainer({ slot: warmSlot(number), startedAt, expiresAt, ...changes });
};

function keep(slots: readonly WarmContainer[], changes: Partial<PoolSeen> = {}) {
  const wanted = changes.wanted ?? 2;
  const { start, end } = decideKeep({
    now,
    slots,
    running: new Set(slots.map(({ warmId }) => warmId)),
    wanted,
    kept: wanted,
    most: 10,
    allowed: 10,
    revision: 'browser:1',
    keys: { current: 'k1', all: new Set(['k1', 'k0']) },
    ...changes,
  });
  return { start, end: end.map(({ container: { slot }, reason }) => `${slot} ${reason}`) };
}

const keeping = suite('decideKeep');

keeping('starts what is missing, in the slots that are empty', () => {
  assert.equal(keep([]), { start: ['w01', 'w02'], end: [] });
  assert.equal(keep([container(2)]), { start: ['w01'], end: [] });
  assert.equal(keep([container(1), container(2)]), { start: [], end: [] });
  assert.equal(keep([container(1, { status: 'STARTING', startedAt: agoMs(1000) })], { wanted: 1 }).start, []);
});

keeping('starts no more than it may, nor than there is room for', () => {
  assert.equal(keep([], { wanted: 5, allowed: 1 }).start, ['w01']);
  assert.equal(keep([], { wanted: 5, most: 3 }).start, ['w01', 'w02', 'w03']);
  assert.equal(keep([], { wanted: 5, allowed: 0 }).start, []);
});

keeping('gives up one that does not come up, and does not reuse its slot in the same run', () => {
  const status = 'STARTING';
  const late = container(1, { status, startedAt: agoMs(CONTAINER_START.limitMs + 1) });
  assert.equal(keep([late], { wanted: 1 }), { start: ['w02'], end: ['w01 not started'] });
  const inTime = container(1, { status, startedAt: agoMs(CONTAINER_START.limitMs) });
  assert.equal(keep([inTime], { wanted: 1 }), { start: [], end: [] });
});

keeping('forgets one whose task has gone, but not one that ECS may not tell of yet', () => {
  assert.equal(keep([container(1)], { wanted: 1, running: new Set() }).end, ['w01 gone']);
  const young = container(1, { startedAt: agoMs(1000) });
  assert.equal(keep([young], { wanted: 1, running: new Set() }).end, []);
});

for (const [what, changes] of [
  ['is too old', { startedAt: agoMs(WARM.maxAgeMs), expiresAt: agoMs(0) }],
  ['runs another task definition', { revision: 'browser:0' }],
  ['knows an older key', { tokenKeyId: 'k0' }],
] as const) {
  keeping(`replaces one that ${what}, once another is there`, () => {
    const old = container(1, changes);
    assert.equal(keep([old], { wanted: 1 }), { start: ['w02'], end: [] });
    const starting = container(2, { status: 'STARTING', startedAt: agoMs(1000) });
    assert.equal(keep([old, starting], { wanted: 1 }), { start: [], end: [] });
    assert.equal(keep([old, container(2)], { wanted: 1 }), { start: [], end: ['w01 outdated'] });
  });
}

keeping('makes room for new ones where all slots are filled with old ones, some at a time', () => {
  const old = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => container(number, { revision: 'browser:0' }));
  assert.equal(keep(old, { wanted: 8, most: 8 }), { start: [], end: ['w08 outdated', 'w07 outdated'] });
  assert.equal(
    keep(old, { wanted: 8, most: 8, allowed: 0 }).end,
    [],
    'not while starts fail: old ones serve',
  );
});

keeping('ends one that nobody can claim any more, whatever else there is', () => {
  assert.equal(keep([container(1, { tokenKeyId: 'dropped' })], { wanted: 1 }).end, ['w01 unusable']);
  const overdue = container(1, { expiresAt: agoMs(WARM.overdueMs) });
  assert.equal(keep([overdue], { wanted: 1 }).end, ['w01 unusable']);
});

keeping('ends the oldest of too many, and none while more were wanted a moment ago', () => {
  const three = [container(1), container(2), container(3)];
  assert.equal(keep(three, { wanted: 1 }).end, ['w03 surplus', 'w02 surplus']);
  assert.equal(keep(three, { wanted: 1, kept: 3 }).end, []);
  assert.equal(keep(three, { wanted: 0 }).end.length, 3);
});

keeping('does not end one that starts as too many: its start is paid', () => {
  const starting = container(1, { status: 'STARTING', startedAt: agoMs(1000) });
  assert.equal(keep([starting], { wanted: 0 }).end, []);
});

keeping('comes to rest: what one run decides, the next does not undo', () => {
  for (let wanted = 0; wanted <= 6; wanted++) {
    let slots: WarmContainer[] = [container(1, { revision: 'browser:0' }), container(2), container(7)];
    let turns = 0;
    for (; turns < 20; turns++) {
      const { start, end } = keep(slots, { wanted });
      if (start.length + end.length === 0) break;
      const ended = new Set(end.map((text) => text.split(' ')[0]));
      slots = slots.filter(({ slot }) => !ended.has(slot));
      slots.push(...start.map((slot) => container(Number(slot.slice(1)))));
    }
    assert.ok(turns < 5, `${wanted} wanted: ${turns} turns`);
    assert.is(slots.length, wanted);
  }
});

keeping.run();
