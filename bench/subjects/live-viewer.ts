import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { MouseMessage, ViewerMessage } from '../../core/domain/cast-messages.ts';

/** Somebody who watches a session, without a page to draw it in: each picture is acknowledged as it comes. */
export interface LiveViewer {
  /** Resolves with the next picture's moment. */
  nextPicture(): Promise<number>;
  /** When for so long no picture has come. */
  still(ms: number): Promise<void>;
  click(x: number, y: number): void;
  close(): Promise<void>;
}

/** By a `debuggerFullscreenUrl`. */
export async function openLiveViewer(viewUrl: string): Promise<LiveViewer> {
  const socket = new WebSocket(viewUrl.replace(/^http/, 'ws').replace(/\/view(?=$|[/?])/, '/cast'));
  const waiting = new Set<(atMs: number) => void>();
  const send = (message: ViewerMessage) => socket.send(JSON.stringify(message));
  let lastMs = performance.now();
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (!isBinary) return;
    lastMs = performance.now();
    send({ type: 'ack', number: data.readUInt32BE(0) });
    for (const resolve of waiting) resolve(lastMs);
    waiting.clear();
  });
  const nextPicture = () => new Promise<number>((resolve) => waiting.add(resolve));
  const first = nextPicture();
  await once(socket, 'open');
  await first;
  return {
    nextPicture,
    async still(ms) {
      for (let restMs = ms; restMs > 0; restMs = lastMs + ms - performance.now())
        await new Promise((resolve) => setTimeout(resolve, restMs));
    },
    click(x, y) {
      const mouse = { type: 'mouse', x, y, button: 'left', clickCount: 1, modifiers: 0 } as const;
      for (const [event, buttons] of [
        ['pressed', 1],
        ['released', 0],
      ] as const)
        send({ ...mouse, event, buttons } satisfies MouseMessage);
    },
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}
