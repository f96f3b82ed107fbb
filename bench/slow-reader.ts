import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { until } from '../tests/e2e/support/until.ts';
import { inTurns, type Take } from './harness/in-turns.ts';
import { COLD, type Part } from './harness/part.ts';
import { timeMs } from './harness/time-ms.ts';
import { type ChromePage, openChromePage } from './subjects/chrome-page.ts';
import { createRelayedSession } from './subjects/relayed-session.ts';
import { unreadBytesOf } from './subjects/unread-bytes.ts';

const ROUNDS = 6;
const BATCH = 200;
const LARGE = 5_000_000;
const QUESTIONS = 4;
// Until it is surely stuck: its kernel's buffers are full, and the rest waits for it in the relay.
const UNREAD_BYTES = 100_000;

interface SlowReader {
  unreadBytes(): number;
  end(): void;
}

/** A client that asks for large answers and reads none of them. */
async function openSlowReader(url: string): Promise<SlowReader> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const connection = new Promise<Socket>((resolve) =>
    socket.once('upgrade', (response) => resolve(response.socket)),
  );
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => socket.terminate());
  const attached = new Promise<string>((resolve) =>
    socket.on('message', (data) => {
      const { result } = JSON.parse(data.toString());
      const page = result?.targetInfos?.find(({ type }: { type: string }) => type === 'page');
      if (page !== undefined) ask(2, 'Target.attachToTarget', { targetId: page.targetId, flatten: true });
      else if (result?.sessionId !== undefined) resolve(result.sessionId);
    }),
  );
  const ask = (id: number, method: string, params: object, sessionId?: string) =>
    socket.send(JSON.stringify({ id, method, params, sessionId }));
  ask(1, 'Target.getTargets', {});
  const sessionId = await attached;
  socket.pause();
  const expression = `'x'.repeat(${LARGE})`;
  for (let id = 3; id < 3 + QUESTIONS; id++)
    ask(id, 'Runtime.evaluate', { expression, returnByValue: true }, sessionId);
  const tcp = await connection;
  return { unreadBytes: () => unreadBytesOf(tcp), end: () => socket.terminate() };
}

async function roundTrips(page: ChromePage, name: string, take: Take): Promise<void> {
  for (let i = 0; i < BATCH; i++) take(name, await timeMs(() => page.evaluate('1')));
}

export const slowReader: Part = {
  name: 'slow-reader',
  what: 'round trips of a client while another one of its session reads nothing of 20 MB, beside the same without it',
  async run(bench) {
    const platform = await bench.platform(COLD);
    const session = await createRelayedSession(platform);
    try {
      const page = await openChromePage(session.ownUrl);
      const { samples, failures } = await inTurns(bench.turns(ROUNDS), [
        (take) => roundTrips(page, 'alone', take),
        async (take) => {
          const slow = await openSlowReader(session.ownUrl);
          try {
            await until('answers wait for the slow reader', async () => slow.unreadBytes() > UNREAD_BYTES);
            await roundTrips(page, 'beside', take);
          } finally {
            slow.end();
          }
        },
      ]);
      const baseline = { name: 'alone', samples: samples('alone') };
      return [{ name: 'slow-reader.round-trip', unit: 'ms', samples: samples('beside'), baseline, failures }];
    } finally {
      await session.release();
    }
  },
};
