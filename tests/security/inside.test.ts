/**
 * Threat: a page, an extension or a client of a session looks around from inside its browser: the machine's files and
 * environments, its ports, the platform's own doors. On a machine whose browsers are guarded, as on AWS. SECURITY.md says what
 * an unguarded one reaches besides.
 */
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listeningPortsOf } from '../e2e/support/listening-ports.ts';
import { descendantsOf } from '../e2e/support/processes.ts';
import { containersOf } from './support/containers.ts';
import { Figures } from './support/figures.ts';
import { type Inside, startInside } from './support/inside.ts';

const figures = new Figures();
let at: Inside;

const inside = suite('a look around from inside the browser');

inside.before(async () => {
  at = await startInside();
});

inside.after(async () => {
  await at.close();
  console.log(`inside: ${figures}`);
});

inside('files of the machine show nothing of the platform, and nothing of another session', async () => {
  const { machine, intruder } = at;
  if (process.getuid?.() !== 0)
    return console.log('SKIPPED: who is not root has browsers that read what their owner may read');
  const below = descendantsOf(machine.pid);
  const controllers = containersOf(machine).map(({ pid }) => pid);
  const chromes = below.filter(({ command }) => command.includes('--user-data-dir')).map(({ pid }) => pid);
  const pids = [machine.pid, ...controllers, ...chromes.slice(0, 4), 1];
  const data = ['', 'aws/secrets.json', 'aws/credentials.json', 'logs/machine.log', 'dynamodb/'];
  const paths = [
    ...pids.flatMap((pid) => ['environ', 'root/', 'cwd/', 'fd/'].map((file) => `/proc/${pid}/${file}`)),
    '/proc/self/environ',
    ...data.map((file) => join(machine.dataDir, file)),
    '/etc/shadow',
    `${homedir()}/`,
    `${tmpdir()}/`,
  ];
  for (const url of paths.flatMap((path) => [`file://${path}`, `view-source:file://${path}`])) {
    const startedAt = performance.now();
    const text = await intruder.look(url);
    figures.note(url, performance.now() - startedAt, /^failed|^refused/.test(text));
    at.assertNothingIn(text, url);
  }
  // Chrome reads a file to the size that it says, which is none in /proc: where things listen is not found so either.
  assert.not.match(await intruder.look('file:///proc/net/tcp'), /local_address/);
});

inside('a file is no more to a script, an extension or a chooser than to an address', async () => {
  const { machine, origin, intruder, extension } = at;
  const secret = join(machine.dataDir, 'aws/secrets.json');
  const read = `fetch('file://${secret}').then((answer) => answer.text()).catch(String)`;
  for (const [who, where] of [
    [intruder, 'file:///etc/'],
    [intruder, `${origin}/`],
    [extension, undefined],
  ] as const) {
    if (where !== undefined) await who.look(where);
    at.assertNothingIn(String(await who.run(read)), `a script of ${where ?? 'the extension'}`);
  }
  const { cdp, page } = intruder;
  await intruder.run('document.body.innerHTML = "<input type=file id=f>"; 1');
  const { root } = (await cdp.send('DOM.getDocument', {}, page)).result as { root: { nodeId: number } };
  const found = await cdp.send('DOM.querySelector', { nodeId: root.nodeId, selector: '#f' }, page);
  const { nodeId } = found.result as { nodeId: number };
  for (const file of ['/etc/passwd', secret, '/tmp/.uploads/../../etc/passwd', 'file:///etc/passwd', '']) {
    const named = { method: 'DOM.setFileInputFiles', params: { files: [file], nodeId } };
    const carried = JSON.stringify({ id: 1, ...named }).replace('setFile', '\\u0073etFile');
    const [direct, nested] = [
      await cdp.send(named.method, named.params, page),
      await cdp.send('Target.sendMessageToTarget', { message: carried, sessionId: page }),
    ];
    figures.note(`to choose ${file}`, 0, true);
    assert.ok(direct.error && nested.error, file);
  }
  assert.is(await intruder.run('f.files.length'), 0);
});

/** Every address of this machine on which something of ours listens, as an intruder finds it, and the usual ones of others. */
function addresses(): string[] {
  const { machine, canaryPort } = at;
  const processes = [machine.pid, ...descendantsOf(machine.pid).map(({ pid }) => pid)];
  const front = Number(new URL(machine.url).port);
  const ports = new Set(processes.flatMap((pid) => listeningPortsOf(pid)).filter((port) => port !== front));
  const database = descendantsOf(machine.pid).flatMap(({ command }) =>
    [...command.matchAll(/--host (\S+) --port (\d+)/g)].map(([, host, port]) => `${host}:${port}`),
  );
  assert.is(database.length, 1);
  return [
    ...database,
    ...[...ports].map((port) => `127.0.0.1:${port}`),
    ...['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '127.1', '[::ffff:127.0.0.1]'].map(
      (host) => `${host}:${canaryPort}`,
    ),
    ...['169.254.169.254', '169.254.170.2', '10.0.0.1', '192.168.0.1', '[fd00:ec2::254]'],
  ];
}

inside('no port of the machine is reached by a page, an extension or a context of its own', async () => {
  const { origin, canaryPort, canaryCalls, intruder, extension } = at;
  const urls = addresses().map((address) => `http://${address}/`);
  for (const url of urls) {
    const text = await intruder.look(url);
    figures.note(url, 0, text.startsWith('failed'));
    assert.match(text, /^failed: net::ERR_/, `${url}: ${text.slice(0, 200)}`);
  }
  await intruder.look(`${origin}/`);
  const reached = (how: string) =>
    `Promise.all(${JSON.stringify(urls)}.map((url) => fetch(url, ${how}).then(() => url, () => null)))
      .then((all) => all.filter(Boolean).join())`;
  const sockets = `Promise.all(${JSON.stringify(urls)}.map((url) => new Promise((done) => {
    const socket = new WebSocket(url.replace('http', 'ws'));
    socket.onopen = () => done(url); socket.onerror = () => done(null) })))
    .then((all) => all.filter(Boolean).join())`;
  assert.is(await intruder.run(reached('{ mode: "no-cors" }')), '', 'a page');
  assert.is(await intruder.run(sockets), '', 'sockets of a page');
  const asDatabase =
    '{ method: "POST", body: "{}", headers: { "x-amz-target": "DynamoDB_20120810.ListTables" } }';
  assert.is(await extension.run(reached(asDatabase)), '', 'an extension');
  await extension.run(`chrome.proxy.settings.set({ value: { mode: 'direct' } })`);
  assert.is(await extension.run(reached('{}')), '', 'an extension without a proxy');
  await extension.run('chrome.proxy.settings.clear({})');
  const { cdp } = intruder;
  for (const proxyServer of ['direct://', `http://127.0.0.1:${canaryPort}`, 'socks5://127.0.0.1:1']) {
    const made = await cdp.send('Target.createBrowserContext', { proxyServer, proxyBypassList: '127.0.0.1' });
    const { browserContextId } = (made.result ?? {}) as { browserContextId?: string };
    if (browserContextId === undefined) continue;
    await cdp.send('Target.createTarget', { url: `http://127.0.0.1:${canaryPort}/`, browserContextId });
    await cdp.send('Target.disposeBrowserContext', { browserContextId });
  }
  assert.is(canaryCalls(), 0);
});

inside('the session’s own door is open to it, and everything behind it wants a key', async () => {
  const { machine, intruder } = at;
  for (const path of ['/v1/sessions', '/metrics', '/pressure', '/connect/json/version', '/s3/a/b']) {
    const text = await intruder.look(`${machine.url}${path}`);
    figures.note(path, 0, true);
    assert.match(text, /API key|token is missing|AccessDenied|^failed/, `${path}: ${text.slice(0, 200)}`);
    assert.not.match(text, 'wallcrawler_', path);
  }
});

inside.run();
