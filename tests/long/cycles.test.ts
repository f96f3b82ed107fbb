import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browserbase } from '@browserbasehq/sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSessionRoot } from '../../local/data/session-root.ts';
import { connectCdp } from '../e2e/support/cdp.ts';
import { descendantsOf, openFileCount } from '../e2e/support/processes.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

const CYCLES = 50;
// Until there are as many function environments as this machine needs at once.
const WARM_UP_CYCLES = 10;
const KILL_EVERY = 5;

let wallcrawler: Wallcrawler;
let client: Browserbase;

const cycles = suite('cycles');

cycles.before(async () => {
  wallcrawler = await startWallcrawler();
  client = wallcrawler.client();
});

cycles.after(() => wallcrawler?.dispose());

/** Every folder and file a session could leave: in the data folder (logs and tables aside), in its own, and in the temp folder. */
function traces(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? [path, ...below(path)] : [path];
    });
  const kept = /\.log(\.\d+)?$|dynamodb|sqlite|checkpoint|compile-cache|tasks|s3/;
  const temporary = readdirSync('/tmp').filter((name) =>
    /^(org\.chromium|\.org\.chromium|scoped_dir)/.test(name),
  );
  // Of this machine only: others may run beside the test.
  const sessions = readdirSync(createSessionRoot(wallcrawler.dataDir).path);
  return [...below(wallcrawler.dataDir).filter((path) => !kept.test(path)), ...sessions, ...temporary].sort();
}

async function cycle(index: number): Promise<void> {
  const session = await client.sessions.create();
  const cdp = await connectCdp(session.connectUrl);
  await cdp.send('Target.createTarget', { url: 'data:text/html,<h1>x' });
  if (index % KILL_EVERY === 0) {
    const chrome = descendantsOf(wallcrawler.pid).find(({ command }) => command.includes(session.id));
    if (chrome !== undefined) process.kill(chrome.pid, 'SIGKILL');
  } else {
    await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  }
  await cdp.closed;
  await until(
    'the session ends',
    async () => (await client.sessions.retrieve(session.id)).status !== 'RUNNING',
  );
}

const settled = () =>
  until('the processes of the sessions end', async () =>
    descendantsOf(wallcrawler.pid).every(({ command }) => /dynoxide|dist\/router/.test(command)),
  );

cycles(
  `${CYCLES} sessions, every ${KILL_EVERY}th killed, leave no file, process, zombie or open descriptor`,
  async () => {
    for (let index = 1; index <= WARM_UP_CYCLES; index++) await cycle(index);
    await settled();
    const filesBefore = traces();
    const descriptorsBefore = openFileCount(wallcrawler.pid);
    for (let index = 1; index <= CYCLES; index++) await cycle(index);
    await settled();
    assert.equal(traces(), filesBefore);
    assert.equal(
      descendantsOf(wallcrawler.pid).filter(({ state }) => state === 'Z'),
      [],
      'no zombie',
    );
    const grown = openFileCount(wallcrawler.pid) - descriptorsBefore;
    // Keep-alive sockets and idle function environments (a handful each) come and go; one a cycle would be a leak.
    assert.ok(grown < 0.9 * CYCLES, `${grown} more open descriptors`);
  },
);

cycles.run();
