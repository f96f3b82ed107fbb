import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CallRefusedError } from '../container-api/container-api.ts';
import { RequestFailedError } from '../container-api/http-request.ts';
import { archiveOf } from '../testing/tar-archive.ts';
import { ArchiveRefusedError } from './archive-refused.ts';
import {
  type ProfileStoreDeps,
  persistProfile,
  restoreProfile,
  StoreRefusedError,
} from './transfer-profile.ts';
import { unpackProfile } from './unpack.ts';

// Random, so that it does not come out of gzip all at once.
const ARCHIVE = archiveOf([
  { path: 'Default/Cookies', body: randomBytes(300_000).toString('hex') },
  { path: 'Local State', body: '{}' },
]);
/** What the store does with a call; a number is a status with nothing else. */
type Reaction = number | ((response: http.ServerResponse, body: Buffer) => void);

interface Context {
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
}

const before = async (context: Context) => {
  context.root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-store-'));
  context.profile = path.join(context.root, 'profile');
  context.controller = path.join(context.root, 'controller');
  await mkdir(context.profile);
  Object.assign(context, { reactions: [], seen: [], signed: [] });
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
const after = async ({ root, server }: Context) => {
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true, force: true });
};

/** With three attempts, and no wait between them. */
function depsOf({ server, signed, profile, controller }: Context, signal?: AbortSignal): ProfileStoreDeps {
  const { port } = server.address() as AddressInfo;
  return {
    api: {
      async signProfileUrl(operation) {
        signed.push(operation);
        return `http://127.0.0.1:${port}/${signed.length}?X-Amz-Signature=0123456789abcdef`;
      },
    },
    folder: { profile, controller },
    signal,
    backoff: [0, 0],
  };
}
const failureOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => assert.unreachable('it worked') as never,
    (error: Error) => error,
  );
const whole: Reaction = (response) => response.end(ARCHIVE);
/** Breaks when the first of it has been written. */
const cutFor =
  ({ profile }: Context): Reaction =>
  async (response) => {
    response.writeHead(200, { 'content-length': ARCHIVE.length });
    response.write(ARCHIVE.subarray(0, ARCHIVE.length / 2));
    while ((await readdir(profile)).length === 0) await new Promise(setImmediate);
    response.destroy();
  };

const restore = suite<Context>('a profile that is restored');
restore.before.each(before);
restore.after.each(after);

restore('comes from the store, by a URL that was signed for it', async (context) => {
  context.reactions = [whole];
  assert.is(await restoreProfile(depsOf(context), {}), true);
  assert.equal((await readdir(context.profile)).sort(), ['Default', 'Local State']);
  assert.equal(context.signed, ['restore']);
  assert.is(context.seen[0]?.method, 'GET');
});

restore('is none when there is no archive yet, and that is no failure', async (context) => {
  context.reactions = [404];
  assert.is(await restoreProfile(depsOf(context), {}), false);
  assert.equal([await readdir(context.profile), context.seen.length], [[], 1]);
});

for (const status of [403, 408, 429, 500, 503]) {
  restore(`is asked for again after ${status}, each time by a new URL`, async (context) => {
    context.reactions = [status, status, whole];
    assert.is(await restoreProfile(depsOf(context), {}), true);
    assert.equal(
      context.seen.map(({ url }) => url?.split('?')[0]),
      ['/1', '/2', '/3'],
    );
  });
}

for (const status of [301, 400, 401, 412]) {
  restore(`is not asked for again after ${status}`, async (context) => {
    context.reactions = [status];
    const error = await failureOf(restoreProfile(depsOf(context), {}));
    assert.instance(error, StoreRefusedError);
    assert.is(error.message, `The store answered ${status} to GET`);
    assert.is(context.seen.length, 1);
  });
}

restore('that did not arrive whole is fetched again into an empty folder', async (context) => {
  context.reactions = [
    cutFor(context),
    async (response) => {
      assert.equal(await readdir(context.profile), [], 'nothing half written is left');
      response.end(archiveOf([{ path: 'Default/History', body: 'h' }]));
    },
  ];
  assert.is(await restoreProfile(depsOf(context), {}), true);
  assert.equal(await readdir(path.join(context.profile, 'Default')), ['History']);
});

restore('that never arrives whole is given up, with nothing half written', async (context) => {
  const cut = cutFor(context);
  context.reactions = [cut, cut, cut, whole];
  const error = await failureOf(restoreProfile(depsOf(context), {}));
  assert.instance(error, RequestFailedError);
  assert.is(error.message, 'the archive did not arrive whole');
  assert.equal([await readdir(context.profile), context.seen.length], [[], 3]);
});

restore('is not fetched again when it is the archive that is wrong', async (context) => {
  context.reactions = [(response) => response.end('no archive'), whole];
  assert.instance(await failureOf(restoreProfile(depsOf(context), {})), ArchiveRefusedError);
  assert.is(context.seen.length, 1);
});

restore('is given up when the session ends meanwhile', async (context) => {
  const stop = new AbortController();
  context.reactions = [
    (response) => {
      response.writeHead(200, { 'content-length': ARCHIVE.length });
      response.write(ARCHIVE.subarray(0, 100), () => stop.abort());
    },
    whole,
  ];
  const error = await failureOf(restoreProfile(depsOf(context, stop.signal), {}));
  assert.is(error.name, 'AbortError');
  assert.equal([await readdir(context.profile), context.seen.length], [[], 1]);
});

restore('ends with the platform’s words when that signs nothing', async (context) => {
  const refusal = new CallRefusedError('profile-urls', 404, 'No context c in this project');
  const deps = { ...depsOf(context), api: { signProfileUrl: () => Promise.reject(refusal) } };
  assert.is(await failureOf(restoreProfile(deps, {})), refusal);
});

restore.run();

const persist = suite<Context>('a profile that is saved');
persist.before.each(async (context) => {
  await before(context);
  await mkdir(path.join(context.profile, 'Default/Cache'), { recursive: true });
  await writeFile(path.join(context.profile, 'Default/Cookies'), 'cookies');
  await writeFile(path.join(context.profile, 'Default/Cache/data_0'), 'cache');
});
persist.after.each(after);

persist('is one archive that can be restored, with no header but its length', async (context) => {
  context.reactions = [200];
  const bytes = await persistProfile(depsOf(context));
  const [{ method, headers, body } = { method: '', headers: {}, body: Buffer.alloc(0) }] = context.seen;
  assert.equal([method, bytes, headers['content-length']], ['PUT', body.length, String(body.length)]);
  const { host: _, connection: __, 'content-length': ___, ...others } = headers;
  assert.equal(others, {}, 'a presigned PUT refuses what was not signed');
  const folder = path.join(context.root, 'again');
  await mkdir(folder);
  await unpackProfile(Readable.from([body]), { folder });
  assert.equal(await readdir(folder, { recursive: true }), ['Default', 'Default/Cookies']);
  assert.is(await readFile(path.join(folder, 'Default/Cookies'), 'utf8'), 'cookies');
});

persist('leaves no archive behind when it is stored', async (context) => {
  context.reactions = [200];
  await persistProfile(depsOf(context));
  assert.equal(await readdir(context.controller), []);
});

persist('is sent again, whole, after a failure, each time by a new URL', async (context) => {
  context.reactions = [503, (response) => response.destroy(), 200];
  const bytes = await persistProfile(depsOf(context));
  assert.equal(
    context.seen.map(({ url, body }) => [url?.split('?')[0], body.length]),
    [
      ['/1', bytes],
      ['/2', bytes],
      ['/3', bytes],
    ],
  );
  assert.equal(context.signed, Array(3).fill('persist'));
});

for (const [status, kind, message] of [
  [400, StoreRefusedError, 'The store answered 400 to PUT'],
  [204, StoreRefusedError, 'The store answered 204 to PUT'],
  [503, RequestFailedError, 'the store answered 503 to PUT'],
] as const) {
  persist(`is not saved by ${status}, and the reason holds no URL`, async (context) => {
    context.reactions = [status, status, status, 200];
    const error = await failureOf(persistProfile(depsOf(context)));
    assert.instance(error, kind);
    assert.is(error.message, message);
    assert.is(context.seen.length, kind === StoreRefusedError ? 1 : 3);
  });
}

persist('is not sent when there is no more time', async (context) => {
  const error = await failureOf(persistProfile(depsOf(context, AbortSignal.abort())));
  assert.is(error.name, 'AbortError');
  assert.equal([context.signed, context.seen], [[], []]);
});

persist.run();
