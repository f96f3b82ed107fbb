import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { aptFetcher } from './fetch-chrome.ts';

const NODE = process.execPath;
/** An apt-get that notes what it is asked, and fails at `failing`. */
function fakeApt(...failing: string[]) {
  const calls: string[] = [];
  const run = async (args: readonly string[]) => {
    calls.push(args.join(' '));
    const [command = ''] = args;
    if (failing.includes(command)) throw new Error(`apt-get ${command} failed with 100: no network`);
  };
  return { calls, run };
}
const reasonOf = (promise: Promise<string>) =>
  promise.then(
    () => 'installed',
    (error: Error) => error.message,
  );
const INSTALL = 'install -y --no-install-recommends chromium';

const t = suite('Chromium by apt');

t('is installed from lists that are of today', async () => {
  const { calls, run } = fakeApt();
  const fetcher = aptFetcher(['/nowhere', NODE], run);
  assert.is(await fetcher.fetch(), NODE);
  assert.equal(calls, ['update', INSTALL]);
  assert.is(fetcher.announcement, `installing Chromium: apt-get update, apt-get ${INSTALL}`);
});

t('is installed from the lists that are there when some source cannot be reached', async () => {
  const { calls, run } = fakeApt('update');
  assert.is(await aptFetcher([NODE], run).fetch(), NODE);
  assert.equal(calls, ['update', INSTALL]);
});

t('is refused with every reason that there is', async () => {
  assert.is(
    await reasonOf(aptFetcher([NODE], fakeApt('install').run).fetch()),
    'apt-get install failed with 100: no network',
  );
  assert.is(
    await reasonOf(aptFetcher([NODE], fakeApt('update', 'install').run).fetch()),
    'apt-get install failed with 100: no network; before it, apt-get update failed with 100: no network',
  );
});

t('is none where the package holds no browser', async () => {
  assert.is(
    await reasonOf(aptFetcher(['/nowhere'], fakeApt().run).fetch()),
    'the package chromium holds no browser here',
  );
});

t.run();
