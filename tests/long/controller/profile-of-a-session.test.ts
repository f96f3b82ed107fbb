import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connect, ended, sessionTests } from '../../../controller/testing/session-suite.ts';

const suiteOfSessions = suite('the profile of a session');
const session = sessionTests(suiteOfSessions);

session('keeps logins, storage and one tab through four runs', async ({ platform, start, site }) => {
  const STORE = `new Promise((resolve) => {
    localStorage.setItem('kept', 'local');
    const open = indexedDB.open('kept', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('store');
    open.onsuccess = () => {
      const write = open.result.transaction('store', 'readwrite');
      write.objectStore('store').put('indexed', 'key');
      write.oncomplete = () => resolve(true);
    };
  })`;
  const READ = `new Promise((resolve) => {
    const open = indexedDB.open('kept', 1);
    open.onsuccess = () => {
      const read = open.result.transaction('store').objectStore('store').get('key');
      read.onsuccess = () => resolve([localStorage.getItem('kept'), read.result]);
    };
  })`;
  for (let run = 0; run < 4; run += 1) {
    const controller = await start({ settings: { context: { id: 'c', persist: true } } });
    const browser = await connect(controller);
    assert.is((await browser.pages()).length, 1, `run ${run} starts with one tab`);
    const page = await browser.newPage();
    await page.goto(run === 0 ? `${site.url}/login` : site.url);
    if (run === 0) await page.evaluate(STORE);
    else {
      assert.is(site.cookies.at(-1), 'login=yes; remembered=yes');
      assert.equal(await page.evaluate(READ), ['local', 'indexed']);
    }
    await browser.disconnect();
    await controller.exited;
    const report = ended(platform).at(-1);
    assert.is(report?.reason, 'disconnected');
    assert.is(report?.savedProfileBytes, platform.state.archive?.length);
  }
  assert.is(platform.state.puts, 4);
});

session(
  'saves nothing again that no session changed, and what is stored keeps its login',
  async ({ platform, start, site }) => {
    const inSession = async (visit?: string) => {
      const controller = await start({ settings: { context: { id: 'c', persist: true } } });
      const browser = await connect(controller);
      const [page] = await browser.pages();
      if (visit !== undefined) await page?.goto(visit);
      await browser.disconnect();
      await controller.exited;
    };
    await inSession(`${site.url}/login`);
    // Chrome completes its settings when it starts with them for the first time.
    await inSession();
    const { archive, puts } = platform.state;
    await inSession();
    assert.is(platform.state.puts, puts);
    assert.is(platform.state.archive, archive);
    assert.equal(
      ended(platform)
        .slice(2)
        .map(({ reason, savedProfileBytes }) => [reason, savedProfileBytes]),
      [['disconnected', undefined]],
    );
    await inSession(site.url);
    assert.is(site.cookies.at(-1), 'login=yes; remembered=yes');
    assert.is(platform.state.puts, puts + 1, 'a visit is history, and so a change');
  },
);

session('does not save a context without persist', async ({ platform, start }) => {
  const controller = await start({ settings: { context: { id: 'c', persist: false } } });
  const browser = await connect(controller);
  await browser.close();
  await controller.exited;
  assert.is(platform.state.puts, 0);
  assert.equal(
    platform.find('profile-urls').map(({ body }) => body.operation),
    ['restore'],
  );
});

session('tries again when the store is not there for a moment', async ({ platform, start }) => {
  platform.state.failNextStoreCalls = 2;
  const controller = await start({ settings: { context: { id: 'c', persist: true } } });
  const browser = await connect(controller);
  platform.state.failNextStoreCalls = 2;
  await browser.close();
  await controller.exited;
  assert.equal([platform.state.puts, platform.state.failNextStoreCalls], [1, 0]);
});

session('gives up on a store that stays away', async ({ platform, start }) => {
  platform.state.failNextStoreCalls = 100;
  const controller = await start({ settings: { context: { id: 'c', persist: true } } });
  assert.is((await controller.exited).code, 0);
  assert.equal(ended(platform), [{ reason: 'start_failed', detail: 'the store answered 503 to GET' }]);
});

session('that cannot be saved is what its end is reported for', async ({ platform, start }) => {
  const controller = await start({ settings: { context: { id: 'c', persist: true } } });
  const browser = await connect(controller);
  platform.state.failNextStoreCalls = 100;
  await browser.close();
  assert.is((await controller.exited).code, 0);
  const [{ reason, detail } = { reason: '', detail: '' }] = ended(platform);
  assert.is(reason, 'profile_not_saved');
  assert.match(
    String(detail),
    /^A client closed the browser\. The profile was not saved: the store answered 503 to PUT: (\d+ kB) of \1 were sent in/,
  );
});

session('refuses a bad archive, says why, and leaves it alone', async ({ platform, start }) => {
  const archive = gzipSync(Buffer.from('this is not a tar archive'.repeat(100)));
  platform.state.archive = archive;
  const controller = await start({ settings: { context: { id: 'c', persist: true } } });
  assert.is((await controller.exited).code, 0);
  assert.equal(ended(platform), [
    { reason: 'bad_archive', detail: 'it is not a tar archive, plain or in gzip or zstd' },
  ]);
  assert.is(platform.state.archive, archive);
  assert.equal(controller.chromePids(), []);
});

suiteOfSessions.run();
