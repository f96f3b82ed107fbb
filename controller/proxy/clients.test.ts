import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Relay } from '../relay/relay.ts';
import type { ClientKind } from './authorize-upgrade.ts';
import { createClientTable, type Departed } from './clients.ts';

const clients = suite('who is connected');

function start() {
  const counts: (readonly [count: number, left: Departed | undefined])[] = [];
  const steps: string[] = [];
  const table = createClientTable((count, left) => counts.push([count, left]));
  const enter = (name: string, kind: ClientKind): Relay => {
    const relay: Relay = {
      close: ({ code }) => steps.push(`${name} closed ${code}`),
      cut: () => steps.push(`${name} cut`),
      unsentBytes: () => 0,
    };
    table.add(relay, kind);
    return relay;
  };
  return { table, counts, steps, enter };
}
/** It closed with this, and came by nothing else. */
const closedWith = (closeCode: number): Departed => ({ closeCode, isForwarded: false });
/** Whether it is settled by now. */
const isSettled = async (promise: Promise<void>) =>
  (await Promise.race([promise.then(() => 'settled'), new Promise(setImmediate)])) === 'settled';

clients('counts those of CDP, what the one that left closed with, and whether it came by the router', () => {
  const { table, counts, enter } = start();
  const one = enter('one', 'cdp');
  enter('two', 'cdp');
  table.remove(one, { closeCode: 1012, isForwarded: true });
  assert.equal(counts, [
    [1, undefined],
    [2, undefined],
    [1, { closeCode: 1012, isForwarded: true }],
  ]);
  assert.is(table.countCdp(), 1);
});

clients('does not count who watches, a page’s script, nor the controller’s own check', () => {
  const { table, counts, enter } = start();
  const others = [enter('viewer', 'live'), enter('script', 'in-page'), enter('probe', 'probe')];
  assert.equal(
    [table.size(), table.countCdp(), table.countByKind()],
    [3, 0, { cdp: 0, 'in-page': 1, live: 1 }],
  );
  for (const relay of others) table.remove(relay, closedWith(1000));
  assert.equal(counts, []);
});

clients('closes all of them, or cuts them', () => {
  const { table, steps, enter } = start();
  enter('one', 'cdp');
  enter('viewer', 'live');
  table.close({ code: 4000, text: 'over' });
  table.cut();
  assert.equal(steps, ['one closed 4000', 'viewer closed 4000', 'one cut', 'viewer cut']);
});

clients('may leave while they are being closed', () => {
  const { table, counts } = start();
  const names: string[] = [];
  for (const name of ['one', 'two', 'three']) {
    const relay: Relay = {
      close() {
        names.push(name);
        table.remove(relay, closedWith(4000));
      },
      cut() {},
      unsentBytes: () => 0,
    };
    table.add(relay, 'cdp');
  }
  table.close({ code: 4000, text: 'over' });
  assert.equal(names, ['one', 'two', 'three']);
  assert.equal([counts.at(-1), table.size()], [[0, closedWith(4000)], 0]);
});

clients('says when the last one has left, every time', async () => {
  const { table, enter } = start();
  assert.ok(await isSettled(table.whenEmpty()), 'nobody is there at first');
  for (const _ of ['the first time', 'again']) {
    const [one, viewer] = [enter('one', 'cdp'), enter('viewer', 'live')];
    const emptied = table.whenEmpty();
    table.remove(one, closedWith(1000));
    assert.not(await isSettled(emptied));
    table.remove(viewer, closedWith(1000));
    assert.ok(await isSettled(emptied));
  }
});

clients('does not know one that was never there', () => {
  const { table, counts } = start();
  table.remove({ close() {}, cut() {}, unsentBytes: () => 0 }, closedWith(1000));
  assert.equal([counts, table.relays()], [[], []]);
});

clients.run();
