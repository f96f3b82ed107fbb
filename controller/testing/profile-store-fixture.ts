import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';

/** What the store does with a call; a number is a status with nothing else. */
export type Reaction = number | ((response: http.ServerResponse, body: Buffer) => void);

/** A stand-in for the store, and a folder for a profile. */
export interface StoreFixture {
  root: string;
  profile: string;
  controller: string;
  server: http.Server;
  reactions: Reaction[];
  seen: {
    method: string | undefined;
    url: string | undefined;
    headers: http.IncomingHttpHeaders;
    body: Buffer;
  }[];
  signed: string[];
  /** Who saved what a save then replaced. */
  replaced: (string | undefined)[];
}

export const startStore = async (context: StoreFixture) => {
  context.root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-store-'));
  context.profile = path.join(context.root, 'profile');
  context.controller = path.join(context.root, 'controller');
  await mkdir(context.profile);
  Object.assign(context, { reactions: [], seen: [], signed: [], replaced: [] });
  context.server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    const body = Buffer.concat(chunks);
    context.seen.push({ method, url, headers, body });
    const reaction = context.reactions.shift() ?? 500;
    if (typeof reaction === 'number') response.writeHead(reaction).end('<Error>why</Error>');
    else reaction(response, body);
  });
  context.server.listen(0, '127.0.0.1');
  await once(context.server, 'listening');
};
export const endStore = async ({ root, server }: StoreFixture) => {
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true, force: true });
};

/** With three attempts, and no wait between them. */
export function depsOf(
  { server, signed, replaced, profile, controller }: StoreFixture,
  signal?: AbortSignal,
) {
  const { port } = server.address() as AddressInfo;
  const urlNow = () => `http://127.0.0.1:${port}/${signed.length}?X-Amz-Signature=0123456789abcdef`;
  return {
    api: {
      async signProfileDownload() {
        signed.push('restore');
        return urlNow();
      },
      async signProfileSave(replaces: string) {
        signed.push(`persist ${replaces}`);
        return { url: urlNow(), headers: { 'if-match': replaces } };
      },
    },
    sessionId: 's-1',
    replaces: '"restored"',
    onReplaced: (savedBy: string | undefined) => void replaced.push(savedBy),
    folder: { profile, controller },
    clock: { now: () => 0 },
    signal,
    backoff: [0, 0],
  };
}
export const failureOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => assert.unreachable('it worked') as never,
    (error: Error) => error,
  );
