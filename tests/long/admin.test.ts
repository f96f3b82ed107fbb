/** What operators do, on a machine that runs: real functions, a real Chrome, the very command. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browserbase } from '@browserbasehq/sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runAdmin } from '../e2e/support/admin.ts';
import { connectCdp } from '../e2e/support/cdp.ts';
import { descendantsOf } from '../e2e/support/processes.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

let wallcrawler: Wallcrawler;
let client: Browserbase;
let keyId: string;
let apiKey: string;

async function admin(...args: string[]) {
  const { code, output, errors } = await runAdmin(wallcrawler.dataDir, ...args, '--json');
  assert.equal([code, errors], [0, ''], args.join(' '));
  return JSON.parse(output);
}
const ended = (id: string) =>
  until(`session ${id} ends`, async () => (await client.sessions.retrieve(id)).status !== 'RUNNING');
const containersOf = (id: string): number =>
  descendantsOf(wallcrawler.pid).filter(({ command }) => command.includes(id)).length;
const statusWith = async (key: string): Promise<number> =>
  (await wallcrawler.call('/v1/sessions', { apiKey: key })).status;

const operators = suite('operators');

operators.before(async () => {
  wallcrawler = await startWallcrawler();
  await admin('projects', 'create', '--id', 'shop', '--name', 'Shop');
  ({ keyId, apiKey } = await admin('keys', 'create', '--project', 'shop'));
  client = wallcrawler.client(apiKey);
});

operators.after(() => wallcrawler?.dispose());

operators('see that a key has been used, and when', async () => {
  const keyNow = async () =>
    (await admin('keys', 'list')).find((key: { keyId: string }) => key.keyId === keyId);
  assert.is((await keyNow()).lastUsedAt, undefined);
  assert.is(await statusWith(apiKey), 200);
  const { lastUsedAt, lastFour } = await keyNow();
  assert.ok(Math.abs(Date.parse(lastUsedAt) - Date.now()) < 60_000);
  assert.is(lastFour, apiKey.slice(-4));
});

operators('end a session as its release does: its context is saved, its container gone', async () => {
  const context = await client.contexts.create();
  const session = await client.sessions.create({
    keepAlive: true,
    browserSettings: { context: { id: context.id, persist: true } },
  });
  const cdp = await connectCdp(session.connectUrl);
  const [listed] = await admin('sessions', 'list', '--project', 'shop');
  assert.equal([listed.sessionId, listed.status, listed.connectionCount], [session.id, 'ACTIVE', 1]);
  assert.ok(containersOf(session.id) > 0);
  await admin('sessions', 'end', session.id);
  await ended(session.id);
  await cdp.close();
  const { endReason, publicStatus } = await admin('sessions', 'show', session.id);
  assert.equal([endReason, publicStatus], ['released', 'COMPLETED']);
  await until('its container is gone', async () => containersOf(session.id) === 0);
  const [size] = await admin('contexts', 'size', '--project', 'shop');
  assert.equal([size.archives, size.bytes > 1_000], [1, true]);
  const [usage] = await admin('usage', '--project', 'shop');
  assert.equal(
    [usage.sessions, usage.browserMinutes],
    [1, (await client.projects.usage('shop')).browserMinutes],
  );
});

operators('delete a project by force while a session of it runs, and nobody gets in any more', async () => {
  const { id } = await client.sessions.create({ keepAlive: true });
  const refused = await runAdmin(wallcrawler.dataDir, 'projects', 'delete', 'shop');
  assert.is(refused.code, 1);
  assert.match(
    refused.errors,
    /^Project shop has 1 sessions that run, 1 contexts, 0 extensions and 0 certificates: --force/,
  );
  const deleted = await runAdmin(wallcrawler.dataDir, 'projects', 'delete', 'shop', '--force', '--json');
  assert.is(deleted.code, 0, deleted.errors);
  assert.match(deleted.errors, /^Waits for \d+ s/);
  // How much its sessions have left is a matter of how long they ran.
  const { events, logSegments, recordingFiles, ...counts } = JSON.parse(deleted.output);
  assert.ok(events > 0 && logSegments >= 0 && recordingFiles >= 0, deleted.output);
  assert.equal(counts, {
    projectId: 'shop',
    isDeleted: true,
    keys: 1,
    sessions: 1,
    contexts: 1,
    extensions: 0,
    certificates: 0,
    webhooks: 0,
    downloads: 0,
  });
  assert.is(containersOf(id), 0);
  assert.is(await statusWith(apiKey), 401);
  assert.equal(await admin('contexts', 'list', '--project', 'shop'), []);
  assert.is((await admin('sessions', 'show', id)).status, 'STOPPED', 'its history stays');
});

operators('find all of it in the log', async () => {
  const entries: readonly { action: string; outcome: string }[] = await admin('audit', 'list');
  assert.equal(
    entries.map(({ action, outcome }) => `${action} ${outcome}`),
    [
      'projects delete done',
      'projects delete refused',
      'sessions end done',
      'keys create done',
      'projects create done',
    ],
  );
});

/** The machine's own key, in its data folder. */
const ownKey = (): string => readFileSync(join(wallcrawler.dataDir, 'api-key'), 'utf8').trim();

operators(
  'are told by a start with a key in the environment that is revoked, and it is left as it is',
  async () => {
    const [first] = await admin('keys', 'list');
    await admin('keys', 'revoke', first.keyId);
    await wallcrawler.interrupt();
    const again = await startWallcrawler({ dataDir: wallcrawler.dataDir });
    assert.match(
      again.output(),
      /^API key {4}WALLCRAWLER_API_KEY is revoked or expired: set another one, or none$/m,
    );
    assert.is((await again.call('/v1/sessions')).status, 401);
    await again.interrupt();
  },
);

operators('revoke the first key, and the next start has another one and says so', async () => {
  const start = () => startWallcrawler({ dataDir: wallcrawler.dataDir, env: { WALLCRAWLER_API_KEY: '' } });
  const one = await start();
  const before = ownKey();
  assert.is((await one.call('/v1/sessions', { apiKey: before })).status, 200);
  const own = (await admin('keys', 'list')).find(
    (key: { lastFour?: string }) => key.lastFour === before.slice(-4),
  );
  await admin('keys', 'revoke', own.keyId);
  await one.interrupt();
  const other = await start();
  try {
    assert.match(other.output(), /^API key {4}the one before is revoked or expired: a new one is below$/m);
    assert.match(other.output(), 'export BROWSERBASE_API_KEY="$(cat ');
    assert.not.match(other.output(), ownKey());
    assert.is((await other.call('/v1/sessions', { apiKey: ownKey() })).status, 200);
    assert.is((await other.call('/v1/sessions', { apiKey: before })).status, 401);
  } finally {
    await other.interrupt();
  }
});

operators.run();
