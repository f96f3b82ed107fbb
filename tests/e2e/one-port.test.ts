/** Another machine's client, as far as one machine can have one: in a network of its own, with one port to reach us by. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Site, startSite } from './support/pages.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
// Of a range that is set aside for tests (RFC 2544), numbered by this process so that two runs do not meet.
const SUBNET = `198.18.${process.pid % 250}`;
const OURS = `${SUBNET}.1`;
const THEIRS = `${SUBNET}.2`;
const NAMESPACE = `wallcrawler-${process.pid}`;
const LINK = `wc${process.pid % 100_000}`;

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();

/** Why there can be no second network here; undefined when there is one now. */
function connectNetwork(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it takes root on Linux';
  try {
    ip('netns', 'add', NAMESPACE);
    ip('link', 'add', LINK, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', NAMESPACE);
    ip('addr', 'add', `${OURS}/24`, 'dev', LINK);
    ip('link', 'set', LINK, 'up');
    ip('-n', NAMESPACE, 'addr', 'add', `${THEIRS}/24`, 'dev', 'eth0');
    ip('-n', NAMESPACE, 'link', 'set', 'eth0', 'up');
    return undefined;
  } catch (error) {
    removeNetwork();
    return (error as Error).message.trim();
  }
}

/** With the namespace goes its end of the link, and with that ours. */
function removeNetwork(): void {
  try {
    ip('netns', 'del', NAMESPACE);
  } catch (error) {
    if (!/No such file|ENOENT/.test((error as Error).message)) throw error;
  }
}

const whyNot = connectNetwork();
if (whyNot !== undefined) {
  console.log(`SKIPPED: a client in a network of its own, because ${whyNot}`);
  process.exit(0);
}

let wallcrawler: Wallcrawler;
let site: Site;

/** Runs a script over there; resolves with what it prints. */
async function runThere(...script: string[]): Promise<string> {
  const env = {
    ...process.env,
    BROWSERBASE_BASE_URL: wallcrawler.url,
    BROWSERBASE_API_KEY: wallcrawler.apiKey,
    TARGET_URL: site.url,
  };
  const child = spawn('ip', ['netns', 'exec', NAMESPACE, process.execPath, ...script], { cwd: ROOT, env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const [code] = await once(child, 'close');
  assert.is(code, 0, said);
  return said;
}

const onePort = suite('one port, from another network');

onePort.before(async () => {
  site = await startSite();
  wallcrawler = await startWallcrawler({
    // Whoever is let in is guarded, and the site of this test is on loopback.
    env: { HOST: OURS, WALLCRAWLER_ALLOWED_NETWORKS: '127.0.0.1/32' },
  });
});

onePort.after(async () => {
  await wallcrawler.dispose();
  await site.close();
  removeNetwork();
});

onePort('is found at an address of the network, and not on loopback', async () => {
  const { hostname, port } = new URL(wallcrawler.url);
  assert.is(hostname, OURS);
  await fetch(`http://127.0.0.1:${port}/health`).then(
    () => assert.unreachable('it listens on loopback as well'),
    (error: Error) => assert.match(String(error.cause), 'ECONNREFUSED'),
  );
});

onePort('says who is let in, and what they reach', () => {
  assert.match(wallcrawler.output(), /^Warning .*others than the users of this machine are let in/m);
  assert.match(wallcrawler.output(), /^Egress .*guarded: browsers reach the public network only/m);
});

onePort('drives a session through it', async () => {
  assert.is((await runThere('examples/quickstart.mjs')).trim(), 'Home');
});

onePort('looks at a session, and puts a profile into a context', async () => {
  const script = `
    import { Browserbase } from '@browserbasehq/sdk';
    const client = new Browserbase();
    const session = await client.sessions.create({ keepAlive: true });
    const live = await client.sessions.debug(session.id);
    const view = await fetch(live.debuggerUrl);
    const context = await client.contexts.create();
    const body = 'not yet an archive';
    const put = await fetch(context.uploadUrl, { method: 'PUT', body });
    const forged = await fetch(context.uploadUrl.replace(/X-Amz-Signature=..../, 'X-Amz-Signature=0000'), { method: 'PUT', body });
    await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
    console.log(JSON.stringify({
      hosts: [session.connectUrl, live.debuggerUrl, live.wsUrl, context.uploadUrl].map((url) => new URL(url).host),
      answers: [view.status, put.status, forged.status],
    }));`;
  const seen = JSON.parse(await runThere('--input-type=module', '-e', script));
  const { host } = new URL(wallcrawler.url);
  assert.equal(seen, { hosts: [host, host, host, host], answers: [200, 200, 403] });
});

onePort.run();
