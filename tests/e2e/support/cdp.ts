import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A bare CDP client: nothing between the test and the wire. */
export interface CdpClient {
  send(method: string, params?: object, sessionId?: string): Promise<Record<string, unknown>>;
  /** A new page, attached to. */
  openPage(): Promise<{ readonly targetId: string; readonly sessionId: string }>;
  /** Events that come from now on. */
  onEvent(listener: (event: { readonly method: string }) => void): void;
  /** Resolves when the socket is closed, with what the close frame said. */
  readonly closed: Promise<{ code: number; reason: string }>;
  close(code?: number): Promise<void>;
  /** Ends the socket without a close frame. */
  cut(): void;
}

export class UpgradeRefusedError extends Error {
  override readonly name = 'UpgradeRefusedError';
  readonly status: number;
  readonly body: string;
  constructor(status: number, body: string) {
    super(`The upgrade was refused: ${status} ${body}`);
    this.status = status;
    this.body = body;
  }
}

export async function connectCdp(url: string): Promise<CdpClient> {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 256 * 1024 * 1024 });
  const pending = new Map<number, (answer: Record<string, unknown>) => void>();
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      for (const settle of pending.values()) settle({ error: { message: 'closed' } });
      resolve({ code, reason: reason.toString() });
    });
  });
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString()) as Record<string, unknown>;
    if (typeof message.id === 'number') pending.get(message.id)?.(message);
  });
  await opened(socket);
  socket.on('error', () => socket.terminate());
  let lastId = 0;
  const send: CdpClient['send'] = (method, params = {}, sessionId) =>
    new Promise((resolve) => {
      const id = ++lastId;
      pending.set(id, (answer) => {
        pending.delete(id);
        resolve(answer);
      });
      socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    });
  return {
    send,
    async openPage() {
      const created = await send('Target.createTarget', { url: 'about:blank' });
      const { targetId } = created.result as { targetId: string };
      const attached = await send('Target.attachToTarget', { targetId, flatten: true });
      return { targetId, sessionId: (attached.result as { sessionId: string }).sessionId };
    },
    onEvent: (listener) =>
      void socket.on('message', (data) => {
        const message = JSON.parse(data.toString());
        if (message.method !== undefined) listener(message);
      }),
    closed,
    close: async (code) => {
      if (socket.readyState === WebSocket.CLOSED) return;
      const done = once(socket, 'close');
      socket.close(code);
      await done;
    },
    cut: () => socket.terminate(),
  };
}

/** The same connectUrl at another path of the session's proxy. */
export function atPath(connectUrl: string, path: string): string {
  const url = new URL(connectUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  return url.href;
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        reject(new UpgradeRefusedError(response.statusCode ?? 0, Buffer.concat(chunks).toString())),
      );
    });
  });
}
