import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { createAwaitedClients } from './awaited-clients.ts';

const GRACE_MS = 60_000;
const awaited = suite('the clients that a restart sent away');

function start(graceMs = GRACE_MS) {
  const clock = createManualClock();
  return { clock, clients: createAwaitedClients(clock, graceMs) };
}

awaited('are nobody at first', () => {
  assert.is(start().clients.waitMs(), 0);
});

awaited('are waited for so long and no longer', () => {
  const { clock, clients } = start();
  clients.sentAway();
  assert.is(clients.waitMs(), GRACE_MS);
  clock.advance(GRACE_MS - 1);
  assert.is(clients.waitMs(), 1);
  clock.advance(1);
  assert.is(clients.waitMs(), 0);
  clock.advance(GRACE_MS);
  assert.is(clients.waitMs(), 0, 'and never less than not at all');
});

awaited('have the grace of the last that left', () => {
  const { clock, clients } = start();
  clients.sentAway();
  clock.advance(GRACE_MS / 2);
  clients.sentAway();
  assert.is(clients.waitMs(), GRACE_MS);
  clients.arrived(1);
  assert.is(clients.waitMs(), GRACE_MS, 'one of the two is still to come');
  clients.arrived(1);
  assert.is(clients.waitMs(), 0);
});

awaited('are not made up for by clients that came before anybody was sent away', () => {
  const { clients } = start();
  clients.arrived(3);
  clients.sentAway();
  assert.is(clients.waitMs(), GRACE_MS);
});

awaited('that did not come in time are given up, also when another one is sent away later', () => {
  const { clock, clients } = start();
  clients.sentAway();
  clock.advance(GRACE_MS);
  clients.sentAway();
  clients.arrived(1);
  assert.is(clients.waitMs(), 0, 'the one that was to come has come');
});

awaited('are never waited for without a grace', () => {
  const { clients } = start(0);
  clients.sentAway();
  assert.is(clients.waitMs(), 0);
});

awaited.run();
