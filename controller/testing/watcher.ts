/** Somebody who watches a session on the wire, without the live view's page. */
import { createHash } from 'node:crypto';
import { WebSocket } from 'ws';
import type { CastMessage, ViewerMessage } from '../../core/domain/cast-messages.ts';
import type { RunningController } from './run-controller.ts';

const LIMIT_MS = 20_000;

/** A picture that came. */
export interface Picture {
  readonly number: number;
  readonly atMs: number;
  readonly hash: string;
}

/** `isSlow`: it never says that it has a picture. */
export function createWatcher(url: string, { isSlow = false } = {}) {
  const socket = new WebSocket(url);
  const told: CastMessage[] = [];
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  const checks = new Set<() => void>();
  const frames: Picture[] = [];
  const wake = () => {
    for (const check of checks) check();
  };
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) {
      const number = data.readUInt32BE(0);
      frames.push({ number, atMs: performance.now(), hash: createHash('sha1').update(data).digest('hex') });
      if (!isSlow) socket.send(JSON.stringify({ type: 'ack', number }));
    } else told.push(JSON.parse(data.toString()) as CastMessage);
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('close', (code, reason) => closed.resolve({ code, reason: reason.toString() }));
  function until(what: string, test: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!test()) return;
        checks.delete(check);
        clearTimeout(late);
        resolve();
      };
      const late = setTimeout(() => {
        checks.delete(check);
        reject(new Error(`Not within ${LIMIT_MS} ms: ${what}; told ${JSON.stringify(told).slice(0, 2_000)}`));
      }, LIMIT_MS);
      checks.add(check);
      check();
    });
  }
  return {
    told,
    closed: closed.promise,
    socket,
    send: (message: ViewerMessage) => socket.send(JSON.stringify(message)),
    hasPicture: () => until('a picture', () => frames.length > 0),
    frames,
    isTold: (type: CastMessage['type'], count = 1) =>
      until(`${count} of ${type}`, () => told.filter((message) => message.type === type).length >= count),
    until,
    close: () => socket.close(),
  };
}

export type Watcher = ReturnType<typeof createWatcher>;

export async function castUrl(
  controller: RunningController,
  claims: { pageId?: string; isViewOnly?: boolean } = {},
) {
  const { origin } = await controller.ready();
  const page = claims.pageId === undefined ? '' : `/${claims.pageId}`;
  return `ws://${origin}/live/${controller.token('live', claims)}/cast${page}`;
}
