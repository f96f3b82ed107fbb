import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import { closing, createProxyFixtures } from '../testing/proxy-fixture.ts';

const MIB = 1024 * 1024;
const TOO_MUCH = [1013, 'The clients of this session have sent too much of unfinished messages'];
const COMMAND = JSON.stringify({ id: 1, method: 'A.b' });

const unfinished = suite('messages that are not whole yet');
const { start, stopAll } = createProxyFixtures();
unfinished.after.each(stopAll);

/** The beginning of a message, of so many bytes, that is on its way when this is over. */
async function begin(client: WebSocket, bytes: number): Promise<void> {
  client.send(Buffer.alloc(bytes, ' '), { binary: false, fin: false });
  while (client.bufferedAmount > 0 && client.readyState === client.OPEN) await setImmediate();
}

unfinished('have one budget for all clients of a session, and who has sent most is closed', async () => {
  const { connect, ask } = await start({ limits: { maxUnfinishedBytes: 10 * MIB } });
  const [small, large, last] = [await connect(), await connect(), await connect()];
  const closed = closing(large);
  await begin(small, 2 * MIB);
  await begin(large, 6 * MIB);
  await begin(last, 3 * MIB);
  assert.equal(await closed, TOO_MUCH);
  // The others end what they have begun.
  for (const client of [small, last]) {
    const answered = once(client, 'message');
    client.send(COMMAND, { binary: false, fin: true });
    const [data] = await answered;
    assert.is(JSON.parse(data.toString()).id, 1);
  }
  assert.is((await ask(await connect(), { id: 2, method: 'A.b' })).id, 2);
});

unfinished('are counted until they are whole: one after the other has room', async () => {
  const { connect, seen } = await start({ limits: { maxUnfinishedBytes: 3 * MIB } });
  const client = await connect();
  for (let sent = 1; sent <= 4; sent += 1) {
    const answered = once(client, 'message');
    await begin(client, 2 * MIB);
    client.send(COMMAND, { binary: false, fin: true });
    await answered;
    assert.is(seen.commands, sent);
  }
});

unfinished('of a client that has gone are not counted', async () => {
  const { connect, ask } = await start({ limits: { maxUnfinishedBytes: 3 * MIB } });
  for (let gone = 0; gone < 3; gone += 1) {
    const client = await connect();
    await begin(client, 2 * MIB);
    client.terminate();
    await once(client, 'close');
  }
  assert.is((await ask(await connect(), { id: 1, method: 'A.b' })).id, 1);
});

unfinished.run();
