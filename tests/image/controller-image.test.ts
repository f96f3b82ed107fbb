/** The controller's image as `npm start` runs it: `npm run test:image`. Needs Docker, or IMAGE_WRAPPER. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Site, startSite } from '../e2e/support/pages.ts';
import { runExample } from '../e2e/support/run-example.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';
import { type Container, containerOf } from './support/container.ts';
import { buildImage, ENGINE, engine } from './support/engine.ts';

// The bits of CAPABILITIES in local/aws/ecs/task-container.ts: linux/capability.h.
const SIX_CAPABILITIES = [0, 1, 5, 6, 7, 18].reduce((bits, bit) => bits | (1 << bit), 0);
// One character of each script, and an emoji.
const SCRIPTS = 'aЖΩאعहবதతગਕಕക한あ字字ក ລမกაաአ😀'.replaceAll(' ', '');

let site: Site;
let wallcrawler: Wallcrawler;
let session: { readonly id: string; readonly connectUrl: string };
let browser: Browser;
let container: Container;

const page = () => {
  const first = browser.contexts()[0]?.pages()[0];
  if (first === undefined) throw new Error('The session has no page');
  return first;
};

function controllerLog(sessionId: string): string {
  const folder = join(wallcrawler.dataDir, 'logs', 'tasks');
  const logs = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  return logs.find((log) => log.includes(sessionId)) ?? '';
}

const t = suite('the image of the controller');

t.before(async () => {
  const image = await buildImage('controller');
  site = await startSite();
  wallcrawler = await startWallcrawler({
    // A port for each browser: a container is found by it.
    env: {
      WALLCRAWLER_BROWSER_IMAGE: image,
      WALLCRAWLER_CONTAINER_ENGINE: ENGINE,
      WALLCRAWLER_ROUTER: '0',
    },
  });
  session = await wallcrawler.client().sessions.create({ keepAlive: true });
  browser = await chromium.connectOverCDP(session.connectUrl);
  container = await containerOf(session);
});

t.after(async () => {
  await browser?.close();
  await wallcrawler?.dispose();
  await site?.close();
});

t('runs a session for the SDK and Playwright', async () => {
  await page().goto(site.url);
  assert.is(await page().title(), 'Home');
});

t('says whether Chrome has its sandbox', () => {
  assert.match(controllerLog(session.id), /"browser ready".*"sandbox":"(on|off)"/);
});

t('runs Chrome as another user, who has no capability and gets none', async () => {
  const processes = await container.processes();
  const chromes = processes.filter(({ command }) => command.startsWith('/usr/lib/chromium/'));
  assert.ok(chromes.length >= 3, `${chromes.length} processes of Chrome`);
  for (const chrome of chromes) {
    assert.is.not(chrome.uid, 0, chrome.command);
    assert.ok(chrome.hasNoNewPrivileges, chrome.command);
  }
  // Not of the zygotes: in a user namespace of their own they are allowed what counts only there.
  const browserProcess = chromes.find(({ command }) => !command.includes('--type='));
  assert.is(browserProcess?.capabilities, 0);
});

t('leaves the controller six capabilities', async () => {
  const controller = (await container.processes()).find(({ command }) => command.startsWith('node '));
  assert.is(controller?.capabilities, SIX_CAPABILITIES);
});

t("keeps the controller's environment, with its token, from Chrome's user", async () => {
  const processes = await container.processes();
  const chrome = processes.find(({ command }) => command.includes('--user-data-dir='));
  const user = ['--user', String(chrome?.uid)];
  for (const { pid, command } of processes.filter(({ uid }) => uid === 0)) {
    const { code, stdout } = await container.run(['cat', `/proc/${pid}/environ`], user);
    assert.is.not(code, 0, command);
    assert.is(stdout, '');
  }
  // To show that there is something to be kept, and that the way of looking works.
  const asRoot = await container.run(['sh', '-c', 'cat /proc/[0-9]*/environ'], ['--user', '0']);
  assert.match(asRoot.stdout, 'CONTROLLER_TOKEN=');
});

t('can be written to below /tmp only', async () => {
  const { stdout } = await container.run([
    'sh',
    '-c',
    'touch /opt/wallcrawler/x; touch /tmp/x && echo written; rm -f /tmp/x',
  ]);
  assert.is(stdout.trim(), 'written');
  const { stdout: folder } = await container.run(['sh', '-c', 'ls /opt/wallcrawler; stat -c %a /tmp']);
  assert.is(folder.trim().split('\n').at(-1), '1777');
  assert.not.match(folder, /^x$/m);
});

t('is healthy while the proxy answers', async () => {
  assert.is((await container.run(['health-check'])).code, 0);
  assert.is((await container.run(['health-check'], ['--env', 'PROXY_PORT=1'])).code, 1);
});

t('has a font for every script', async () => {
  for (const character of SCRIPTS) {
    const point = character.codePointAt(0)?.toString(16);
    const { stdout } = await container.run(['fc-list', `:charset=${point}`, 'family']);
    assert.is.not(stdout.trim(), '', `U+${point}`);
  }
});

t('draws WebGL without a graphics card', async () => {
  assert.ok(await page().evaluate("document.createElement('canvas').getContext('webgl2') !== null"));
});

t('reaps orphans, as Chrome leaves them', async () => {
  await container.run(['sh', '-c', '(sleep 0.1 &)']);
  const isLeft = async () =>
    (await container.processes()).some(({ state, command }) => state === 'Z' || command.startsWith('sleep'));
  await until('the orphan is gone, and is no zombie', async () => !(await isLeft()));
});

for (const [name, wanted] of [
  ['playwright', /screenshot: \d{4,} bytes/],
  ['puppeteer', /title: Home/],
  ['context', /the second session knows: me/],
] as const) {
  t(`runs examples/${name}.mjs as it is`, async () => {
    assert.match(await runExample(name, { wallcrawler, site }), wanted);
  });
}

t('ends when the session is released, and leaves nothing', async () => {
  await wallcrawler.client().sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  await until('the container is gone', async () => {
    const { stdout } = await engine('ps', '--all', '--format', '{{.Names}}');
    return !stdout.includes(container.name);
  });
  assert.is((await wallcrawler.client().sessions.retrieve(session.id)).status, 'COMPLETED');
  assert.match(controllerLog(session.id), '"session ended"');
});

t.run();
