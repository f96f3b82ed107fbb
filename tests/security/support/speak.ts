/** Bytes on a bare TCP socket, and all that comes back. */
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

export interface Heard {
  readonly text: string;
  /** The statuses of all answers in it. */
  readonly statuses: readonly number[];
  readonly tookMs: number;
  /** It was closed by the other side. */
  readonly isClosed: boolean;
}

/** Says `bytes`, and listens until the other side closes or has been silent for `silentMs`. */
export async function speak(
  port: number,
  bytes: string | Uint8Array,
  { silentMs = 300, limitMs = 10_000 } = {},
): Promise<Heard> {
  const startedAt = performance.now();
  const socket = await open(port);
  const chunks: Buffer[] = [];
  let heardAt = performance.now();
  let isClosed = false;
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    heardAt = performance.now();
  });
  socket.once('close', () => {
    isClosed = true;
  });
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  const isOver = () => {
    const now = performance.now();
    return isClosed || now - startedAt > limitMs || (chunks.length > 0 && now - heardAt > silentMs);
  };
  while (!isOver()) await wait(10);
  socket.destroy();
  const text = Buffer.concat(chunks).toString('latin1');
  const statuses = [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status));
  return { text, statuses, tookMs: heardAt - startedAt, isClosed };
}

/** Its errors are the other side's answer too: a reset is a close. */
export async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  return socket;
}
