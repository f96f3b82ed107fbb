/**
 * Threat: somebody who was given a link to watch acts, or one who was given a page reaches the browser. Every method of the
 * DevTools protocol, and every message of a live view, on the sockets of such links.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { PAGE_DOMAINS } from '../../controller/relay/page-methods.ts';
import { type CdpClient, connectCdp } from '../e2e/support/cdp.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';
import { Figures } from './support/figures.ts';

interface Protocol {
  readonly domains: readonly {
    readonly domain: string;
    readonly commands?: readonly { readonly name: string }[];
  }[];
}

const require = createRequire(createRequire(import.meta.url).resolve('puppeteer-core'));
const METHODS: readonly string[] = ['browser_protocol', 'js_protocol'].flatMap((name) => {
  const file = require.resolve(`devtools-protocol/json/${name}.json`);
  const { domains } = JSON.parse(readFileSync(file, 'utf8')) as Protocol;
  return domains.flatMap(({ domain, commands = [] }) =>
    commands.map((command) => `${domain}.${command.name}`),
  );
});
/** What the browser answers by itself, or could be asked by another name. */
const OTHER_METHODS = [
  'Browser.close',
  'browser.close',
  'Target.exposeDevToolsProtocol',
  '__proto__',
  'toString',
  'Page.close.',
  '.close',
  ' Page.close',
  'Page.close\u0000',
];
const WATCHES_ONLY = { code: -32000, message: 'This connection may watch, and command nothing' };

let machine: Wallcrawler;
let owner: CdpClient;
let ownPage: string;
let pageId: string;
let sessionId: string;
const figures = new Figures();

const views = suite('links of a live view');

views.before(async () => {
  machine = await startWallcrawler();
  const session = await machine.client().sessions.create({ keepAlive: true });
  sessionId = session.id;
  owner = await connectCdp(session.connectUrl);
  const opened = await owner.openPage();
  pageId = opened.targetId;
  ownPage = opened.sessionId;
  await owner.send('Page.enable', {}, ownPage);
  await evaluate(`document.body.innerHTML = '<input id=i><button onclick="document.title=1">b</button>';
    document.title = 'untouched'; document.cookie = 'a=b'; i.focus()`);
});

views.after(async () => {
  await owner.close();
  await machine.dispose();
  console.log(`live views: ${figures}`);
});

const evaluate = async (expression: string): Promise<unknown> =>
  ((await owner.send('Runtime.evaluate', { expression }, ownPage)).result as { result: { value: unknown } })
    .result.value;

/** What somebody who acts would change. */
const stateOfPage = () =>
  evaluate('JSON.stringify([document.title, i.value, location.href, history.length])');
const targetsNow = async () => {
  const { targetInfos } = (await owner.send('Target.getTargets')).result as {
    targetInfos: { targetId: string; type: string; url: string }[];
  };
  return targetInfos
    .filter(({ type }) => type === 'page')
    .map(({ targetId, url }) => `${targetId} ${url}`)
    .sort();
};

async function linkOf(rights: 'view' | 'page'): Promise<string> {
  const body = JSON.stringify({ rights, pageId });
  const answer = await machine.call(`/v1/sessions/${sessionId}/cdp-url`, { method: 'POST', body });
  return ((await answer.json()) as { readonly cdpUrl: string }).cdpUrl;
}

/** With what each method wants: the protocol's first check is not what holds. */
const PARAMS = {
  url: 'about:blank#touched',
  expression: 'document.title = "touched"',
  source: 'document.title = "touched"',
  text: 'touched',
  type: 'keyDown',
  key: 'a',
  targetId: '',
  flatten: true,
  autoAttach: true,
  waitForDebuggerOnStart: false,
  files: ['/etc/passwd'],
  behavior: 'allow',
  downloadPath: '/tmp',
  name: 'a',
  value: 'touched',
  cookies: [{ name: 'a', value: 'touched', url: 'http://a.example' }],
  path: '/etc',
  handle: '1',
  message: '{"id":1,"method":"Browser.close"}',
};

views('to watch take no command of the protocol, whatever it is', async () => {
  const viewer = await connectCdp(await linkOf('view'));
  const [before, targets] = [await stateOfPage(), await targetsNow()];
  assert.ok(METHODS.length > 500, `${METHODS.length} methods`);
  for (const cdpSession of [undefined, ownPage, 'F'.repeat(32)]) {
    for (const method of [...METHODS, ...OTHER_METHODS]) {
      const startedAt = performance.now();
      const answer = await viewer.send(method, { ...PARAMS, targetId: pageId }, cdpSession);
      figures.note(`view: ${method}`, performance.now() - startedAt, answer.error !== undefined);
      assert.equal(answer.error, WATCHES_ONLY, method);
      assert.is(answer.result, undefined);
    }
  }
  assert.equal([await stateOfPage(), await targetsNow()], [before, targets]);
  await viewer.close();
});

views('of one page take nothing that is the browser’s, another page’s or a file’s', async () => {
  const visitor = await connectCdp(await linkOf('page'));
  const targets = await targetsNow();
  const refused = METHODS.filter((method) => !isOpen(method));
  assert.ok(refused.length > 300, `${refused.length} methods`);
  for (const method of [...refused, ...OTHER_METHODS]) {
    const answer = await visitor.send(method, { ...PARAMS, targetId: targets[0]?.split(' ')[0] });
    figures.note(`page: ${method}`, 0, answer.error !== undefined);
    assert.is((answer.error as { code: number } | undefined)?.code, -32601, method);
  }
  // Another page's session of CDP, though it is a good one of another client.
  const other = await visitor.send('Runtime.evaluate', { expression: '1' }, ownPage);
  assert.ok(other.error);
  assert.equal(await targetsNow(), targets);
  for (const url of [
    'file:///etc/passwd',
    'chrome://version',
    'view-source:file:///etc/passwd',
    'javascript:document.title=1',
    'filesystem:http://a.example/',
    'chrome-extension://a/b',
    'devtools://devtools/bundled/inspector.html',
    'FILE:///etc/passwd',
    ' file:///etc/passwd',
    'file\t:///etc/passwd',
    'blob:file:///a',
  ]) {
    const answer = await visitor.send('Page.navigate', { url });
    figures.note(`page: to ${url}`, 0, answer.error !== undefined);
    assert.ok(answer.error, url);
  }
  assert.match(String(await evaluate('location.href')), /^about:blank/);
  await visitor.close();
});

function isOpen(method: string): boolean {
  const [domain = '', name = ''] = method.split('.');
  const row = Object.hasOwn(PAGE_DOMAINS, domain) ? PAGE_DOMAINS[domain] : undefined;
  if (row === undefined) return false;
  return row.methods === undefined ? row.except?.includes(name) !== true : row.methods.includes(name);
}

const ACTS: readonly object[] = [
  { type: 'mouse', event: 'pressed', x: 5, y: 5, button: 'left', buttons: 1, clickCount: 1, modifiers: 0 },
  { type: 'wheel', x: 5, y: 5, deltaX: 0, deltaY: 99, modifiers: 0 },
  { type: 'touch', event: 'start', points: [{ id: 1, x: 5, y: 5 }], modifiers: 0 },
  {
    type: 'key',
    event: 'down',
    key: 'a',
    code: 'KeyA',
    keyCode: 65,
    location: 0,
    isRepeat: false,
    text: 'a',
    modifiers: 0,
  },
  { type: 'compose', text: 'touched' },
  { type: 'text', text: 'touched' },
  { type: 'copy' },
  { type: 'navigate', url: 'about:blank#touched' },
  { type: 'history', steps: -1 },
  { type: 'reload' },
  { type: 'dialog', isAccepted: true, text: '' },
  { type: 'pick', values: ['a'] },
  { type: 'files', chooserId: 'a', fileIds: ['b'] },
  { type: '__proto__' },
  { type: 'toString' },
  { id: 1, method: 'Page.navigate', params: { url: 'about:blank#touched' } },
];

/** How a socket ends to which `sent` is said once it is open. */
async function endOf(url: string, sent: string | Buffer): Promise<{ code: number; reason: string }> {
  const socket = new WebSocket(url);
  const ended = new Promise<{ code: number; reason: string }>((resolve, reject) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    socket.once('error', reject);
  });
  socket.once('message', () => socket.send(sent));
  return ended;
}

views('to watch take no message of a hand either: whoever sends one is shown out', async () => {
  const link = (await linkOf('view')).replace(/\/devtools\/page\//, '/cast/');
  const before = await stateOfPage();
  for (const act of ACTS) {
    const { code } = await endOf(link, JSON.stringify(act));
    figures.note(`cast: ${JSON.stringify(act)}`, 0, code === 1008);
    assert.is(code, 1008, JSON.stringify(act));
  }
  for (const sent of [
    '',
    '{',
    'null',
    '[]',
    '{"type":null}',
    `{"type":"text","text":"${'x'.repeat(50_000)}"}`,
  ])
    assert.is((await endOf(link, sent)).code, 1008, sent.slice(0, 40));
  assert.is((await endOf(link, Buffer.from([0, 1]))).code, 1003);
  assert.is(await stateOfPage(), before);
});

views.run();
