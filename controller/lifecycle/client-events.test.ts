import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClientEvents } from './client-events.ts';

const events = suite('what clients do');

function start() {
  const seen: unknown[] = [];
  const told: unknown[] = [];
  const clientEvents = createClientEvents(
    {
      clientsChanged: (count, mayComeBack) => seen.push([count, mayComeBack]),
      noteActivity: () => seen.push('activity'),
    },
    { beatNow: () => seen.push('beat') },
    { decide: (reason) => seen.push(reason) },
    (type, data) => void told.push([type, data]),
  );
  return { clientEvents, seen, told };
}

events('beats when the first comes and when the last goes, not between', () => {
  const { clientEvents, seen } = start();
  for (const count of [1, 2, 1, 0]) clientEvents.onCdpClients(count);
  assert.equal(seen, [[1, false], 'beat', [2, false], [1, false], [0, false], 'beat']);
});

events('tells who comes and who goes, with how it left', () => {
  const { clientEvents, told } = start();
  clientEvents.onCdpClients(1);
  clientEvents.onCdpClients(0, { closeCode: 1001, isForwarded: false });
  assert.equal(told, [
    ['client.connected', { clients: 1 }],
    ['client.disconnected', { clients: 0, closeCode: 1001 }],
  ]);
});

events('knows who was sent away by a restart by its close code', () => {
  const { clientEvents, seen } = start();
  clientEvents.onCdpClients(0, { closeCode: 1012, isForwarded: false });
  clientEvents.onCdpClients(0, { closeCode: 1001, isForwarded: true });
  assert.equal(seen, [
    [0, true],
    [0, false],
  ]);
});

events('wait for who was cut off without a word on a way with something on it, and for nobody else', () => {
  const { clientEvents, seen } = start();
  clientEvents.onCdpClients(0, { closeCode: 1006, isForwarded: true });
  clientEvents.onCdpClients(0, { closeCode: 1006, isForwarded: false });
  assert.equal(seen, [
    [0, true],
    [0, false],
  ]);
});

events('are activity, and end the session by Browser.close', () => {
  const { clientEvents, seen } = start();
  clientEvents.onCommand();
  clientEvents.onBrowserClose();
  assert.equal(seen, ['activity', 'browser_closed']);
});

events.run();
