import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import { closing, createProxyFixtures } from '../testing/proxy-fixture.ts';
import { PROXY_LIMITS } from './limits.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const fragments = suite('messages in fragments');

const { start, stopAll } = createProxyFixtures();
fragments.after.each(stopAll);

/** Sends a text in frames of so many bytes, no faster than it is taken. */
async function sendCut(client: WebSocket, text: string, frameBytes: number): Promise<void> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += frameBytes) {
    const fin = from + frameBytes >= bytes.length;
    client.send(bytes.subarray(from, from + frameBytes), { binary: false, fin });
    while (client.bufferedAmount > 4 * MIB) await setImmediate();
  }
}

/** How its socket closes; or an answer, if there is one. */
const outcomeOf = (client: WebSocket) => Promise.race([closing(client), once(client, 'message')]);

for (const frameBytes of [KIB, 64 * KIB, MIB]) {
  fragments(`may be as large as any, in frames of ${frameBytes / KIB} KiB`, async () => {
    const fixture = await start({
      onCommand: ({ id, params, sessionId }, chrome) =>
        chrome.say({ id, result: { length: String(params?.x).length }, sessionId }),
    });
    const client = await fixture.connect();
    const { length } = Buffer.from(JSON.stringify({ id: 1, method: 'A.b', params: { x: '' } }));
    const x = 'x'.repeat(PROXY_LIMITS.maxMessageBytes - length);
    const answered = once(client, 'message');
    await sendCut(client, JSON.stringify({ id: 1, method: 'A.b', params: { x } }), frameBytes);
    const [data] = await answered;
    assert.equal(JSON.parse(data.toString()), { id: 1, result: { length: x.length } });
  });
}

fragments('close the socket with 1008 and a reason when there are too many of them', async () => {
  const { connect, ask, seen } = await start({ limits: { maxMessageFrames: 40 } });
  const [client, other] = [await connect(), await connect()];
  const command = JSON.stringify({ id: 1, method: 'A.b' });
  // One message after another: each may have so many.
  for (let sent = 0; sent < 3; sent += 1) {
    const answered = once(client, 'message');
    await sendCut(client, command, 1);
    await answered;
  }
  const outcome = outcomeOf(client);
  await sendCut(client, ' '.repeat(41), 1);
  assert.equal(await outcome, [1008, 'A message came in too many fragments']);
  assert.is(seen.commands, 3);
  assert.is((await ask(other, { id: 1, method: 'A.b' })).id, 1);
});

fragments('of a frame are counted too', async () => {
  const { connect, seen } = await start({ limits: { maxFrameReads: 20 } });
  const client = await connect();
  client.on('error', () => {});
  const outcome = outcomeOf(client);
  // Larger than what a socket is read in at once.
  client.send(Buffer.alloc(64 * MIB, ' '), { binary: false });
  assert.equal(await outcome, [1008, 'A message came in too many fragments']);
  assert.is(seen.commands, 0);
});

fragments.run();
