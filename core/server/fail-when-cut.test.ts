import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CUT_ANSWERS, type Cut, startCutter } from '../testing/cut-bodies.ts';
import { failWhenCut } from './fail-when-cut.ts';

const answers = suite('an answer that is cut');

/** What its reader has of it. */
async function read(cut: Cut, watch: typeof failWhenCut): Promise<string> {
  const cutter = await startCutter(cut, 'half');
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const request = http.get({ port: cutter.port, agent: false });
  request.once('response', (answer) => {
    watch(request, answer);
    resolve(answer);
  });
  request.on('error', reject);
  try {
    return await text(await promise);
  } catch (error) {
    return `failed: ${(error as NodeJS.ErrnoException).code}`;
  } finally {
    await cutter.stop();
  }
}

for (const cut of CUT_ANSWERS)
  answers(`fails for its reader: ${cut.name}`, async () => {
    assert.is(await read(cut, failWhenCut), 'failed: ECONNRESET');
  });

answers('is whole to Node where only a reset says that it is not', async () => {
  const taken = await Promise.all(CUT_ANSWERS.map((cut) => read(cut, () => undefined)));
  assert.equal(
    CUT_ANSWERS.filter((_, index) => taken[index] === 'half').map(({ name }) => name),
    ['no length, reset'],
    'else none of this is needed any more',
  );
});

answers('that we give up is none that has ended', async () => {
  const cut: Cut = { name: 'never', header: 'x-length: unknown', part: (text) => text, end: () => undefined };
  const cutter = await startCutter(cut, 'half');
  const request = http.get({ port: cutter.port, agent: false });
  request.on('error', () => undefined);
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
  failWhenCut(request, answer);
  const read = text(answer).catch((error: Error) => error.message);
  request.destroy(new Error('too slow'));
  assert.is(await read, 'too slow');
  await cutter.stop();
});

answers('that ends with its connection as it should is left alone', async () => {
  const end: Cut = {
    name: 'ended',
    header: 'x-length: unknown',
    part: (text) => text,
    end: (socket) => socket.end(),
  };
  assert.is(await read(end, failWhenCut), 'half');
});

answers.run();
