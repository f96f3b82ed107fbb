import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { joinSockets } from './tunnel.ts';

const t = suite('two joined sockets');

/** A socket whose other side takes nothing. */
const stuck = () => new Duplex({ read() {}, write() {} });

function joined(client: Duplex, site: Duplex) {
  const clock = createManualClock();
  joinSockets(client, site, { clock, lingerMs: 50 });
  return clock;
}

for (const side of ['client', 'site'] as const) {
  t(`are closed for a bounded time, when the ${side} has gone and the other takes nothing`, async () => {
    const sockets = { client: stuck(), site: stuck() };
    const other = sockets[side === 'client' ? 'site' : 'client'];
    const clock = joined(sockets.client, sockets.site);
    other.write('on its way');
    sockets[side].destroy();
    await once(sockets[side], 'close');
    clock.advance(49);
    assert.is(other.destroyed, false);
    clock.advance(1);
    assert.is(other.destroyed, true);
  });
}

t('send what is on its way before they close', async () => {
  const written: string[] = [];
  const client = new Duplex({
    read() {},
    write(chunk, _, done) {
      written.push(String(chunk));
      done();
    },
  });
  const site = stuck();
  const clock = joined(client, site);
  site.push('the last');
  site.push(null);
  await once(client, 'finish');
  site.destroy();
  await once(client, 'close');
  assert.equal(written, ['the last']);
  assert.is(clock.pending(), 0, 'no timer stays');
});

t('survive the errors of each other', async () => {
  const [client, site] = [stuck(), stuck()];
  joined(client, site);
  site.destroy(new Error('ECONNRESET'));
  await once(client, 'close');
});

t.run();
