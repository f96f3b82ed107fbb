import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type http from 'node:http';
import path from 'node:path';
import { Readable } from 'node:stream';
import { mock } from 'node:test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SAVED_BY_HEADER } from '../../core/domain/profile-save.ts';
import {
  depsOf,
  endStore,
  failureOf,
  type Reaction,
  type StoreFixture,
  startStore,
} from '../testing/profile-store-fixture.ts';
import { persistProfile } from './persist-profile.ts';
import { StoreRefusedError } from './profile-store.ts';
import { rememberProfile } from './remember-profile.ts';
import { SaveNotFinishedError, SaveProgress } from './save-progress.ts';
import { unpackProfile } from './unpack.ts';

const persist = suite<StoreFixture>('a profile that is saved');
persist.before.each(async (context) => {
  await startStore(context);
  await mkdir(path.join(context.profile, 'Default/Cache'), { recursive: true });
  await writeFile(path.join(context.profile, 'Default/Cookies'), 'cookies');
  await writeFile(path.join(context.profile, 'Default/Cache/data_0'), 'cache');
});
persist.after.each(endStore);

persist(
  'is one archive that can be restored, with no headers but its length and those that were signed',
  async (context) => {
    context.reactions = [200];
    const bytes = await persistProfile(depsOf(context));
    const [{ method, headers, body } = { method: '', headers: {}, body: Buffer.alloc(0) }] = context.seen;
    assert.equal([method, bytes, headers['content-length']], ['PUT', body.length, String(body.length)]);
    const { host: _, connection: __, 'content-length': ___, ...others } = headers;
    assert.equal(others, { 'if-match': '"restored"' }, 'a presigned PUT refuses what was not signed');
    const folder = path.join(context.root, 'again');
    await mkdir(folder);
    await unpackProfile(Readable.from([body]), { folder });
    assert.equal(await readdir(folder, { recursive: true }), ['Default', 'Default/Cookies']);
    assert.is(await readFile(path.join(folder, 'Default/Cookies'), 'utf8'), 'cookies');
  },
);

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
  assert.equal(context.signed, Array(3).fill('persist "restored"'));
});

for (const status of [400, 204]) {
  persist(`is not saved by ${status}, and the reason holds no URL`, async (context) => {
    context.reactions = [status, 200];
    const error = await failureOf(persistProfile(depsOf(context)));
    assert.instance(error, StoreRefusedError);
    assert.is(error.message, `The store answered ${status} to PUT`);
    assert.is(context.seen.length, 1);
  });
}

persist('that the store fails to take says so, and how much it was sent', async (context) => {
  context.reactions = [503, 503, 503, 200];
  const error = await failureOf(persistProfile(depsOf(context)));
  assert.instance(error, SaveNotFinishedError);
  assert.is(error.message, 'the store answered 503 to PUT: 1 kB of 1 kB were sent in 0.0 s');
  assert.is(context.seen.length, 3);
});

const stored =
  (etag: string, savedBy?: string): Reaction =>
  (response) => {
    response
      .writeHead(206, { etag, ...(savedBy === undefined ? {} : { [SAVED_BY_HEADER]: savedBy }) })
      .end('x');
  };

persist(
  'replaces what others stored meanwhile, each time the one that is there, and tells of each',
  async (context) => {
    context.reactions = [412, stored('"b"', 's-2'), 412, stored('"c"'), 200];
    assert.is(await persistProfile(depsOf(context)), context.seen.at(-1)?.body.length);
    assert.equal(context.signed, ['persist "restored"', 'restore', 'persist "b"', 'restore', 'persist "c"']);
    assert.equal(context.replaced, ['s-2', undefined]);
    assert.is(context.seen[1]?.headers.range, 'bytes=0-0', 'nobody reads the whole of it');
  },
);

persist('whose archive is there no more is stored as the first one, and nobody is told', async (context) => {
  context.reactions = [404, 404, 200];
  await persistProfile(depsOf(context));
  assert.equal(context.signed, ['persist "restored"', 'restore', 'persist none']);
  assert.equal(context.replaced, []);
});

persist('that was taken, though its answer was lost, is no conflict with itself', async (context) => {
  context.reactions = [(response) => response.destroy(), 412, stored('"mine"', 's-1')];
  await persistProfile(depsOf(context));
  assert.equal([context.replaced, context.seen.length], [[], 3]);
});

persist('is stored whatever is there when others store all the time', async (context) => {
  const other = stored('"b"', 's-2');
  context.reactions = [412, other, 412, other, 412, other, 412, other, 412, other, 200];
  await persistProfile(depsOf(context));
  assert.is(context.signed.at(-1), 'persist any');
  assert.is(context.replaced.length, 5);
});

persist('that is stored whatever is there, and refused all the same, is not saved', async (context) => {
  context.reactions = Array(20).fill(404);
  const error = await failureOf(persistProfile(depsOf(context)));
  assert.instance(error, StoreRefusedError);
  assert.equal([error.message, context.replaced], ['The store answered 404 to PUT', []]);
});

persist('waits where S3 says that another one is just being stored', async (context) => {
  context.reactions = [409, 200];
  await persistProfile(depsOf(context));
  assert.equal(context.signed, ['persist "restored"', 'persist "restored"']);
});

persist('is cut off while it is sent when its time is over, and says how far it came', async (context) => {
  await writeFile(path.join(context.profile, 'Default/History'), randomBytes(20_000_000));
  const stop = new AbortController();
  context.server.removeAllListeners('request');
  const arrived = Promise.withResolvers<http.IncomingMessage>();
  // It reads no more than the beginning: most of it stays where it is.
  context.server.on('request', (request: http.IncomingMessage) => {
    request
      .on('error', () => {})
      .once('data', () => {
        request.pause();
        arrived.resolve(request);
        stop.abort();
      });
  });
  const error = await failureOf(persistProfile(depsOf(context, stop.signal)));
  assert.instance(error, SaveNotFinishedError);
  assert.match(error.message, /^there was no more time: \d+(\.\d MB| kB) of 20\.0 MB were sent in 0\.0 s$/);
  const request = await arrived.promise;
  await new Promise((resolve) => request.resume().once('close', resolve));
  assert.is(request.complete, false, 'the store takes no half of it for the whole');
});

persist('is cut off while it is packed when its time is over, and nothing is sent', async (context) => {
  for (const name of ['a', 'b', 'c'])
    await writeFile(path.join(context.profile, `Default/${name}`), randomBytes(5_000_000));
  const stop = new AbortController();
  const { begin } = SaveProgress.prototype;
  const begun = mock.method(SaveProgress.prototype, 'begin', function (this: SaveProgress, ...args) {
    stop.abort();
    return begin.apply(this, args);
  } as typeof begin);
  const error = await failureOf(persistProfile(depsOf(context, stop.signal)));
  begun.mock.restore();
  assert.match(error.message, /^there was no more time: .* of 15\.0 MB were packed in 0\.0 s$/);
  assert.equal([context.signed, context.seen], [[], []]);
});

persist('is not sent again when it is as it was restored, and nobody is asked where to', async (context) => {
  const restored = rememberProfile(context.profile);
  await writeFile(path.join(context.profile, 'Default/LOG'), 'opened');
  assert.is(await persistProfile({ ...depsOf(context), restored }), undefined);
  assert.equal([context.signed, context.seen], [[], []]);
});

persist('is sent when something in it has changed since it was restored', async (context) => {
  context.reactions = [200];
  const restored = rememberProfile(context.profile);
  await writeFile(path.join(context.profile, 'Default/Cookies'), 'others!');
  assert.is(await persistProfile({ ...depsOf(context), restored }), context.seen[0]?.body.length);
});

persist('is not taken for unchanged when it is gone', async (context) => {
  const restored = rememberProfile(context.profile);
  await rm(context.profile, { recursive: true });
  const error = await failureOf(persistProfile({ ...depsOf(context), restored }));
  assert.is(error.message, 'The profile cannot be packed (ENOENT)');
});

persist('is not sent when there is no more time', async (context) => {
  const error = await failureOf(persistProfile(depsOf(context, AbortSignal.abort())));
  assert.is(error.message, 'there was no more time');
  assert.equal([context.signed, context.seen], [[], []]);
});

persist.run();
