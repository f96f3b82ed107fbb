import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ANY_ARCHIVE, NO_ARCHIVE } from '../../core/domain/profile-save.ts';
import { CUT_ANSWERS } from '../../core/testing/cut-bodies.ts';
import { CallRefusedError } from '../container-api/container-api.ts';
import { RequestFailedError } from '../container-api/http-request.ts';
import {
  depsOf,
  endStore,
  failureOf,
  type Reaction,
  type StoreFixture,
  startStore,
} from '../testing/profile-store-fixture.ts';
import { archiveOf } from '../testing/tar-archive.ts';
import { ArchiveRefusedError } from './archive-refused.ts';
import { StoreRefusedError } from './profile-store.ts';
import { restoreProfile } from './restore-profile.ts';

// Random, so that it does not come out of gzip all at once.
const ARCHIVE = archiveOf([
  { path: 'Default/Cookies', body: randomBytes(300_000).toString('hex') },
  { path: 'Local State', body: '{}' },
]);
const whole: Reaction = (response) => response.setHeader('etag', '"e"').end(ARCHIVE);
/** Breaks when the first of it has been written. */
const cutFor =
  ({ profile }: StoreFixture): Reaction =>
  async (response) => {
    response.writeHead(200, { 'content-length': ARCHIVE.length });
    response.write(ARCHIVE.subarray(0, ARCHIVE.length / 2));
    while ((await readdir(profile)).length === 0) await new Promise(setImmediate);
    response.destroy();
  };

const restore = suite<StoreFixture>('a profile that is restored');
restore.before.each(startStore);
restore.after.each(endStore);

restore('comes from the store, by a URL that was signed for it', async (context) => {
  context.reactions = [whole];
  assert.is(await restoreProfile(depsOf(context), {}), '"e"');
  assert.equal((await readdir(context.profile)).sort(), ['Default', 'Local State']);
  assert.equal(context.signed, ['restore']);
  assert.is(context.seen[0]?.method, 'GET');
});

restore('is none when there is no archive yet, and that is no failure', async (context) => {
  context.reactions = [404];
  assert.is(await restoreProfile(depsOf(context), {}), NO_ARCHIVE);
  assert.equal([await readdir(context.profile), context.seen.length], [[], 1]);
});

for (const status of [403, 408, 429, 500, 503]) {
  restore(`is asked for again after ${status}, each time by a new URL`, async (context) => {
    context.reactions = [status, status, whole];
    assert.is(await restoreProfile(depsOf(context), {}), '"e"');
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
  assert.is(await restoreProfile(depsOf(context), {}), ANY_ARCHIVE);
  assert.equal(await readdir(path.join(context.profile, 'Default')), ['History']);
});

for (const cut of CUT_ANSWERS)
  for (const bytes of [2, 100])
    restore(`is fetched again, and not called broken, after ${bytes} bytes: ${cut.name}`, async (context) => {
      const part = ARCHIVE.subarray(0, bytes).toString('latin1');
      // As it is on the wire: what has no length is nothing that Node's server would say to HTTP/1.1.
      const cutOff: Reaction = ({ socket }) => {
        if (socket === null) throw new Error('Its client has gone');
        const header = cut.header.replace('1000', String(ARCHIVE.length));
        const head = `HTTP/1.1 200 OK\r\n${header}\r\n\r\n`;
        const body = cut.header.startsWith('transfer') ? `${bytes.toString(16)}\r\n${part}\r\n` : part;
        socket.write(head + body, 'latin1', () => cut.end(socket));
      };
      context.reactions = [cutOff, whole];
      assert.is(await restoreProfile(depsOf(context), {}), '"e"');
      assert.is(context.seen.length, 2);
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
  const deps = { ...depsOf(context), api: { signProfileDownload: () => Promise.reject(refusal) } };
  assert.is(await failureOf(restoreProfile(deps, {})), refusal);
});

restore.run();
