import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClientEvents } from './client-events.ts';

const events = suite('what clients do');

function start() {
  const seen: unknown[] = [];
  const clientEvents = createClientEvents(
    {
      clientsChanged: (count, leftByRestart) => seen.push([count, leftByRestart]),
      noteActivity: () => seen.push('activity'),
    },
    { beatNow: () => seen.push('beat') },
    { decide: (reason) => seen.push(reason) },
  );
  return { clientEvents, seen };
}

events('beats when the first comes and when the last goes, not between', () => {
  const { clientEvents, seen } = start();
  for (const count of [1, 2, 1, 0]) clientEvents.onCdpClients(count);
  assert.equal(seen, [[1, false], 'beat', [2, false], [1, false], [0, false], 'beat']);
});

events('knows who was sent away by a restart by its close code', () => {
  const { clientEvents, seen } = start();
  clientEvents.onCdpClients(0, 1012);
  clientEvents.onCdpClients(0, 1001);
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
