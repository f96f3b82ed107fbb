import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A body that is cut: how its end would be told, and how the connection ends instead. */
export interface Cut {
  readonly name: string;
  readonly header: string;
  /** Some bytes of the body, as they are sent. */
  readonly part: (text: string) => string;
  readonly end: (socket: Socket) => void;
}

const chunkOf = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const asItIs = (text: string): string => text;
const ended = (socket: Socket): void => void socket.end();
const reset = (socket: Socket): void => void socket.resetAndDestroy();

/** Of a request, or of an answer. */
export const CUTS: readonly Cut[] = [
  { name: 'a length, ended', header: 'content-length: 1000', part: asItIs, end: ended },
  { name: 'a length, reset', header: 'content-length: 1000', part: asItIs, end: reset },
  { name: 'chunks, ended', header: 'transfer-encoding: chunked', part: chunkOf, end: ended },
  { name: 'chunks, reset', header: 'transfer-encoding: chunked', part: chunkOf, end: reset },
];

/** The connection's end is that of such an answer: nothing but a reset says that it is not all of it. */
export const CUT_ANSWERS: readonly Cut[] = [
  ...CUTS,
  { name: 'no length, reset', header: 'x-length: unknown', part: asItIs, end: reset },
];

/** Answers everything with this much of a body, and cuts it. */
export async function startCutter(cut: Cut, text: string, status = 200) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () =>
      socket.write(`HTTP/1.1 ${status} X\r\n${cut.header}\r\n\r\n${cut.part(text)}`, () => cut.end(socket)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** All that comes of a connection, and how it ends. Text that is given is sent before anything is read, down to its last byte. */
export async function exchangeBytes(
  port: number,
  sent: string | readonly (string | Buffer)[],
): Promise<{ readonly text: string; readonly ends: 'ended' | 'reset' }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  try {
    for (const part of [sent].flat())
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.write(part, (error) => (error ? reject(error) : resolve()));
      });
    for await (const chunk of socket) text += (chunk as Buffer).toString('latin1');
    return { text, ends: 'ended' };
  } catch (error) {
    if (!['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return { text, ends: 'reset' };
  } finally {
    socket.destroy();
  }
}

/** Sends this much of a request's body and cuts it when `begun` has resolved. Resolves with what came back. */
export async function sendCut(
  port: number,
  { requestLine, cut, text }: { readonly requestLine: string; readonly cut: Cut; readonly text: string },
  begun: Promise<unknown> = Promise.resolve(),
): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    answer += String(chunk);
  });
  const closed = once(socket, 'close');
  const head = `${requestLine} HTTP/1.1\r\nhost: x\r\n${cut.header}\r\n\r\n`;
  await new Promise((resolve) => socket.write(`${head}${cut.part(text)}`, resolve));
  await begun;
  cut.end(socket);
  await closed;
  return answer;
}
