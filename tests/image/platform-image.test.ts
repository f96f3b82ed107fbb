/** One machine in a container, as local/compose.yaml runs it: `npm run test:image`. Needs Docker, or IMAGE_WRAPPER. */
import { type BrowserContext, chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TASK_UIDS } from '../../local/aws/ecs/host-resources.ts';
import { CAPABILITIES } from '../../local/aws/ecs/task-container.ts';
import { buildImage, engine } from './support/engine.ts';
import { API_KEY, COMPOSE_OPTIONS, must, type Platform, startPlatform } from './support/platform.ts';

const NAME = `wallcrawler-image-test-${process.pid}`;
const [DATA, TMP] = [`${NAME}-data`, `${NAME}-tmp`];
// A volume for /tmp as well, so that it can be looked at once the container has stopped.
const VOLUMES = ['--volume', `${DATA}:/data`, '--volume', `${TMP}:/tmp`];
// Of no network: the page is made where it is asked for.
const SHOP = 'http://shop.test/';
const ORDINARY_USER = 1000;

let image: string;
let platform: Platform;
let contextId: string;
let endedByStop: string;

const start = () => startPlatform({ image, name: NAME, options: [...COMPOSE_OPTIONS, ...VOLUMES] });

async function createSession() {
  return platform.client.sessions.create({
    keepAlive: true,
    browserSettings: { context: { id: contextId, persist: true } },
  });
}

async function openShop(connectUrl: string): Promise<{ title: string; context: BrowserContext }> {
  const browser = await chromium.connectOverCDP(connectUrl);
  const [context] = browser.contexts();
  const [page] = context?.pages() ?? [];
  if (context === undefined || page === undefined) throw new Error('The session has no page');
  const answer = { contentType: 'text/html', body: '<title>Shop</title>' };
  await page.route(`${SHOP}**`, (route) => route.fulfill(answer));
  await page.goto(SHOP);
  return { title: await page.title(), context };
}

const t = suite('the image of the platform');

t.before(async () => {
  image = await buildImage('platform');
  platform = await start();
  contextId = (await platform.client.contexts.create()).id;
});

t.after(async () => {
  await engine('rm', '--force', '--volumes', NAME);
  await engine('volume', 'rm', DATA, TMP);
});

t('refuses to start without a key of the operator, and names the variable', async () => {
  const { code, stderr } = await engine('run', '--rm', image);
  assert.is.not(code, 0);
  assert.match(stderr, 'WALLCRAWLER_API_KEY');
});

t('says whether Chrome has its sandbox, and has it with the capabilities of the compose file', async () => {
  assert.match(await platform.output(), /^Sandbox +on \(/m);
});

t('drives a session of the SDK from outside the container, through its one port', async () => {
  const session = await createSession();
  assert.is(new URL(session.connectUrl).host, new URL(platform.url).host);
  const { title, context } = await openShop(session.connectUrl);
  assert.is(title, 'Shop');
  const expires = Date.now() / 1000 + 3600;
  await context.addCookies([{ name: 'who', value: 'me', url: SHOP, expires }]);
  endedByStop = session.id;
});

t('runs everything as an ordinary user, who has no capability and gets none', async () => {
  const processes = await platform.processes();
  const own = processes.filter(({ command }) => /^(tini|\/usr\/bin\/tini|node|\S*node) /.test(command));
  const browser = processes.find(
    ({ command }) => command.startsWith('/usr/lib/chromium/') && !command.includes('--type='),
  );
  assert.ok(own.length >= 3, `tini, the machine, its router: ${own.map(({ command }) => command)}`);
  assert.ok(browser !== undefined);
  for (const { uid, command } of processes) assert.is(uid, ORDINARY_USER, command);
  // Not of Chrome's zygotes: in a user namespace of their own they are allowed what counts only there.
  for (const { capabilities, hasNoNewPrivileges, command } of [...own, browser]) {
    assert.is(capabilities, 0, command);
    assert.ok(hasNoNewPrivileges, command);
  }
});

t('writes to /data and /tmp only', async () => {
  const touch =
    'for folder in /opt/wallcrawler /usr/local/bin /data /tmp; do touch $folder/x && echo $folder; rm -f $folder/x; done';
  const { stdout } = await platform.run(['sh', '-c', touch]);
  assert.equal(stdout.trim().split('\n'), ['/data', '/tmp']);
  assert.is(
    (await platform.run(['stat', '--format', '%u %a', '/data'])).stdout.trim(),
    `${ORDINARY_USER} 700`,
  );
});

t('is healthy while the API answers', async () => {
  const ask = (port: number) => platform.run(['health-check'], ['--env', `PROXY_PORT=${port}`]);
  assert.is((await ask(8787)).code, 0);
  assert.is.not((await ask(1)).code, 0);
});

t('is administered inside its container', async () => {
  const { code, stdout, stderr } = await platform.run(['admin', 'projects', 'list']);
  assert.is(code, 0, stderr);
  assert.match(stdout, /\blocal\b/);
});

t('has the key in no log', async () => {
  const { stdout } = await platform.run(['grep', '-rlF', API_KEY, '/data/logs']);
  assert.is(stdout, '');
});

t('refuses to start on the data of another container, and leaves that one alone', async () => {
  const { code, stderr } = await engine(
    'run',
    '--rm',
    '--env',
    `WALLCRAWLER_API_KEY=${API_KEY}`,
    ...VOLUMES,
    image,
  );
  assert.is(code, 1);
  assert.match(stderr, '/data is in use by another container');
  assert.is((await platform.client.sessions.retrieve(endedByStop)).status, 'RUNNING');
});

t('ends its sessions within the grace of the compose file, and leaves no process and no folder', async () => {
  assert.is(await platform.stop(), 0);
  assert.match(await platform.output(), /stopped, 1 session ended/);
  const left = await must('run', '--rm', '--entrypoint', 'ls', ...VOLUMES, image, '/tmp');
  assert.is(left, '');
});

t(
  'has its data again in a new container: the session with its reason, the profile with its login',
  async () => {
    await platform.remove();
    platform = await start();
    const ended = await platform.client.sessions.retrieve(endedByStop);
    assert.is((ended as { endReason?: string }).endReason, 'platform_stopping');
    const { id, connectUrl } = await createSession();
    const { context } = await openShop(connectUrl);
    const [cookie] = await context.cookies(SHOP);
    assert.is(cookie?.value, 'me');
    await platform.client.sessions.update(id, { status: 'REQUEST_RELEASE' });
    assert.is(await platform.stop(), 0);
  },
);

t('gives each session a user of its own where it is root, who cannot look into /data', async () => {
  await platform.remove();
  await must('volume', 'rm', DATA);
  const six = CAPABILITIES.flatMap((name) => ['--cap-add', name]);
  const options = ['--user', '0', '--cap-drop', 'ALL', ...six, ...VOLUMES];
  platform = await startPlatform({ image, name: NAME, options });
  const { id, connectUrl } = await platform.client.sessions.create({ keepAlive: true });
  const browser = await chromium.connectOverCDP(connectUrl);
  const page = browser.contexts()[0]?.pages()[0];
  const secret = '/data/aws/credentials.json';
  assert.is((await platform.run(['cat', secret])).code, 0);
  await page?.goto(`file://${secret}`).then(
    () => assert.unreachable('it shows what the machine signs with'),
    (error: Error) => assert.match(error.message, /ERR_(ACCESS_DENIED|FILE_NOT_FOUND)/),
  );
  const chromes = (await platform.processes()).filter(({ command }) =>
    command.startsWith('/usr/lib/chromium/'),
  );
  assert.ok(chromes.length > 0);
  for (const { uid, command } of chromes) assert.ok(uid >= TASK_UIDS.first && uid <= TASK_UIDS.last, command);
  await platform.client.sessions.update(id, { status: 'REQUEST_RELEASE' });
});

t.run();
