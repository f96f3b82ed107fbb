import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_VIEWPORT } from '../../core/domain/container-settings.ts';
import { createLogger } from '../../core/log/logger.ts';
import { MIN_WINDOW_WIDTH } from '../chrome/flags.ts';
import { writeFakeBrowser } from '../testing/fake-browser.ts';
import { startFakeChrome } from '../testing/fake-chrome.ts';
import { applySettings, type BrowserStart, startBrowser } from './browser.ts';
import { createSessionFolder } from './session-folder.ts';

const browsers = suite<{ root: string }>("a session's browser");
browsers.before.each(async (context) => {
  context.root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-start-'));
});
browsers.after.each(({ root }) => rm(root, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;

interface Described {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a stand-in for Chrome, and answers how it was started. */
async function describeStart(root: string, settings: Partial<BrowserStart['settings']> = {}, script = '') {
  const fake = await writeFakeBrowser(script);
  const folder = createSessionFolder(root, 's-1');
  try {
    const { chrome, sandbox } = await startBrowser({
      host: { chromePath: fake.executable, chromeUser: undefined },
      settings: { viewport: DEFAULT_VIEWPORT, ignoreCertificateErrors: false, ...settings },
      folder,
      logger: createLogger({}, () => {}),
      signal: new AbortController().signal,
    });
    const described = (await chrome.connection.call('Fake.describe')) as unknown as Described;
    await chrome.connection.call('Browser.close');
    await chrome.exited;
    return { ...described, sandbox, folder };
  } finally {
    await fake.remove();
  }
}

browsers('starts in the session’s folder, with its profile and its environment there', async ({ root }) => {
  const { argv, cwd, env, folder } = await describeStart(root);
  assert.is(cwd, folder.browser);
  assert.ok(argv.includes(`--user-data-dir=${folder.profile}`));
  assert.equal([env.HOME, env.TMPDIR, env.XDG_CONFIG_HOME], [folder.home, 'tmp', folder.config]);
});

browsers('has the settings that are flags', async ({ root }) => {
  const viewport = { width: 900, height: 500 };
  const { argv } = await describeStart(root, { viewport, ignoreCertificateErrors: true });
  assert.ok(argv.includes('--ignore-certificate-errors'));
  assert.ok(argv.some((flag) => flag.startsWith('--window-size=900,')));
  assert.not((await describeStart(root)).argv.includes('--ignore-certificate-errors'));
});

browsers('is sandboxed, unless it would run as root, and says which', async ({ root }) => {
  const { argv, sandbox } = await describeStart(root);
  assert.equal([sandbox, argv.includes('--no-sandbox')], isRoot ? ['off', true] : ['on', false]);
});

browsers('starts without its sandbox where the host has none', async ({ root }) => {
  const script = `if (!process.argv.includes('--no-sandbox')) {
    process.stderr.write('No usable sandbox!');
    process.exit(1);
  }`;
  const { argv, sandbox } = await describeStart(root, {}, script);
  assert.equal([sandbox, argv.includes('--no-sandbox')], ['off', true]);
});

browsers.run();

const settings = suite('the settings that a running browser takes');

const settingsFor = (width: number) => ({ viewport: { width, height: 100 }, ignoreCertificateErrors: false });

const FOLLOW_PAGES = ['Target.attachToBrowserTarget', 'Target.setAutoAttach'];

settings('are none that Chrome is told for a viewport that a window can have: it only answers', async () => {
  const chrome = startFakeChrome();
  await applySettings(chrome, settingsFor(MIN_WINDOW_WIDTH));
  assert.equal(
    chrome.commands.map(({ method }) => method),
    ['Browser.getVersion'],
  );
  chrome.stop();
});

settings('are a narrow viewport, for every page that comes', async () => {
  const chrome = startFakeChrome();
  await applySettings(chrome, settingsFor(MIN_WINDOW_WIDTH - 1));
  assert.equal(
    chrome.commands.map(({ method }) => method),
    ['Browser.getVersion', ...FOLLOW_PAGES],
  );
  const { sessionId: watcher } = chrome.commands.find(({ params }) => params?.waitForDebuggerOnStart) ?? {};
  const params = { sessionId: 'P1', targetInfo: { targetId: 'A' } };
  chrome.say({ method: 'Target.attachedToTarget', params, sessionId: watcher });
  while (chrome.commands.at(-1)?.method !== 'Runtime.runIfWaitingForDebugger')
    await new Promise(setImmediate);
  const { params: given, sessionId } = chrome.commands.at(-2) ?? {};
  assert.equal([given?.width, given?.height, sessionId], [MIN_WINDOW_WIDTH - 1, 100, 'P1']);
  chrome.stop();
});

settings('fail the start when Chrome goes meanwhile', async () => {
  const chrome = startFakeChrome({ hangs: ['Browser.getVersion'] });
  const applying = applySettings(chrome, settingsFor(MIN_WINDOW_WIDTH)).catch(
    (error: Error) => error.message,
  );
  while (chrome.commands.length < 1) await new Promise(setImmediate);
  chrome.stop();
  assert.is(await applying, 'Chrome closed its pipe');
});

settings.run();
