/**
 * Threat: whoever reads our logs, tables, events, lists, errors or processes finds what customers trust us with. A machine
 * is driven with texts that stand nowhere by chance; then all of it is read.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browserbase } from '@browserbasehq/sdk';
import { chromium, type Page } from 'playwright-core';
import { create } from 'tar';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { buildExtensionZip } from '../../core/extension-zip/testing/build-zip.ts';
import { descendantsOf } from '../e2e/support/processes.ts';
import { putFilm } from '../e2e/support/put-film.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';
import { formOf } from './support/belongings.ts';
import { logPlaces, type Place, processPlaces, tablePlaces } from './support/places.ts';
import { findLeaks, SENTINELS as S } from './support/sentinels.ts';

let machine: Wallcrawler;
let client: Browserbase;
let site: Server;
let origin: string;
/** Lists, errors, events and logs that were answered: whoever has a key sees them, and copies them elsewhere. */
const answers: Place[] = [];
let whileItRan: Place[] = [];

const secrets = suite('secrets');

secrets.before(async () => {
  site = createServer((request, response) => {
    const isFile = request.url?.startsWith('/file') === true;
    response.writeHead(200, {
      'content-type': isFile ? 'application/octet-stream' : 'text/html',
      ...(isFile ? { 'content-disposition': 'attachment; filename="f.bin"' } : {}),
    });
    response.end(
      isFile
        ? S.downloadedContent
        : `<p>${S.pageText} ${S.fetchedPage}</p><form method=post><input id=i name=i></form>`,
    );
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => site.once('listening', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  machine = await startWallcrawler({
    env: {
      WALLCRAWLER_API_KEY: S.apiKey,
      WALLCRAWLER_WARM: '1',
      WALLCRAWLER_ALLOWED_NETWORKS: '127.0.0.0/8',
    },
  });
  client = machine.client(S.apiKey);
});

secrets.after(async () => {
  site.closeAllConnections();
  site.close();
  await machine.dispose();
});

/** Of what is asked, errors and lists are kept to be looked through. */
async function call(path: string, init: RequestInit & { apiKey?: string | null } = {}, isList = false) {
  const response = await machine.call(path, { apiKey: S.apiKey, ...init });
  const text = await response.clone().text();
  const what = `${init.method ?? 'GET'} ${path.split('?')[0]}`;
  if (isList || response.status >= 400)
    answers.push({ name: `${isList ? 'list' : `error ${response.status}`}: ${what}`, text });
  return response;
}
const post = (path: string, body: unknown) => call(path, { method: 'POST', body: JSON.stringify(body) });

async function profileWith(content: string): Promise<Buffer<ArrayBuffer>> {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  try {
    mkdirSync(join(folder, 'Default'));
    writeFileSync(join(folder, 'Default', 'marker'), content);
    const chunks: Uint8Array[] = [];
    for await (const chunk of create({ gzip: true, cwd: folder }, ['Default'])) chunks.push(chunk);
    return Buffer.concat(chunks);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function makeThings() {
  const context = await client.contexts.create();
  await fetch(context.uploadUrl, { method: 'PUT', body: await profileWith(S.profileContent) });
  const zip = buildExtensionZip({ name: 'a.js', content: `// ${S.extensionContent}` });
  const made = await call('/v1/extensions', { method: 'POST', ...(await formOf(zip, 'e.zip')) });
  await post('/v1/webhooks', { endpoint: `${origin}/hook?token=${S.webhookQuery}` });
  return { contextId: context.id, extensionId: ((await made.json()) as { id: string }).id };
}

/** Everything that passes through a browser. */
async function useBrowser(page: Page): Promise<void> {
  await page.context().addCookies([{ name: 'login', value: S.cookie, url: origin }]);
  await page.setExtraHTTPHeaders({
    authorization: `Bearer ${S.authorizationHeader}`,
    'x-api-key': S.authorizationHeader,
  });
  await page.goto(`${origin}/page?token=${S.pageQuery}`);
  await page.fill('#i', S.typedPassword);
  await page.keyboard.type(S.typedPassword);
  await page.evaluate((text) => console.error(text), S.consoleText);
  await page.evaluate((text) => localStorage.setItem('k', text), S.localStorage);
  page.once('dialog', (dialog) => dialog.accept(S.dialogText));
  await page.evaluate(`prompt("${S.dialogText}")`);
  await page.evaluate(
    (text) => fetch('/post', { method: 'POST', body: `password=${text}` }).then((answer) => answer.text()),
    S.postedForm,
  );
  await page.evaluate(
    (text) =>
      setTimeout(() => {
        throw new Error(text);
      }),
    S.consoleText,
  );
  await page.goto(`${origin}/file?token=${S.pageQuery}`).catch(() => 'it is a download');
}

/** A person at a live view types. */
async function typeInView(sessionId: string): Promise<void> {
  const { debuggerFullscreenUrl } = await client.sessions.debug(sessionId);
  const socket = new WebSocket(
    `${debuggerFullscreenUrl.replace(/^http/, 'ws').replace(/\/view.*$/, '')}/cast`,
  );
  await new Promise((resolve) => socket.once('message', resolve));
  socket.send(JSON.stringify({ type: 'text', text: S.typedByViewer }));
  socket.send(JSON.stringify({ type: 'navigate', url: `${origin}/typed?q=${S.typedByViewer}` }));
  socket.send(JSON.stringify({ type: 'text', text: { wrong: S.typedByViewer } }));
  await new Promise((resolve) => socket.once('close', resolve));
}

secrets('are handed over, everywhere that they can be', async () => {
  const { contextId, extensionId } = await makeThings();
  const session = await client.sessions.create({
    extensionId,
    keepAlive: true,
    browserSettings: { context: { id: contextId, persist: true } },
    userMetadata: { is: 'listed' },
  });
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const page = (await browser.contexts()[0]?.newPage()) ?? assert.unreachable('a page is open');
  await useBrowser(page as Page);
  await client.sessions.uploads.create(session.id, { file: new File([S.uploadedContent], 'u.txt') });
  await typeInView(session.id);
  await call(`/v1/sessions/${session.id}/cdp-url`, { method: 'POST', body: '{}' });
  await post('/v1/fetch', { url: `${origin}/fetched?token=${S.fetchedQuery}` });
  await post('/v1/fetch', { url: `http://127.0.0.1:9/?token=${S.fetchedQuery}` });
  whileItRan = processPlaces(machine);
  await until('the download is there', async () => {
    const answer = await call(`/v1/downloads?sessionId=${session.id}`, {}, true);
    return ((await answer.json()) as { total: number }).total > 0;
  });
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  await until('it ends', async () => (await client.sessions.retrieve(session.id)).status === 'COMPLETED');
  await putFilm(machine, session.id);
  const { replayUrl } = (await (await post(`/v1/sessions/${session.id}/replay-url`, {})).json()) as {
    replayUrl: string;
  };
  for (const part of ['', '/replay.json', '/film.m3u8']) await fetch(`${replayUrl}${part}`);
  await call(`/v1/sessions/${session.id}/replays`, {}, true);
});

secrets('are handed over to what fails', async () => {
  const proxy = {
    type: 'external',
    server: 'http://127.0.0.9:1',
    username: S.proxyUser,
    password: S.proxyPassword,
  };
  const proxied = await post('/v1/sessions', { proxies: [proxy] });
  if (proxied.status === 201) {
    const { id, connectUrl } = (await proxied.json()) as { id: string; connectUrl: string };
    const browser = await chromium.connectOverCDP(connectUrl);
    await browser
      .contexts()[0]
      ?.pages()[0]
      ?.goto(`${origin}/`)
      .catch(() => 'its proxy is not there');
    whileItRan.push(...processPlaces(machine));
    await call(`/v1/sessions/${id}/events`, {}, true);
  }
  await post('/v1/sessions', {
    proxies: [{ ...proxy, server: `http://${S.proxyUser}:${S.proxyPassword}@[` }],
  });
  await call('/v1/sessions', { apiKey: S.wrongApiKey });
  await call('/v1/sessions', { apiKey: null, headers: { authorization: `Bearer ${S.wrongApiKey}` } });
  await call(`/v1/sessions?apiKey=${S.keyInQuery}&token=${S.keyInQuery}`);
  await call(`/nowhere?x-bb-api-key=${S.keyInQuery}`);
  for (const body of [
    `{"timeout": ${S.bodyOfBadRequest}`,
    `{"timeout": "${S.bodyOfBadRequest}"}`,
    `"${S.bodyOfBadRequest}"`,
  ])
    await call('/v1/sessions', { method: 'POST', body });
  await post('/v1/webhooks', {
    endpoint: `https://user:${S.bodyOfBadRequest}@a.example/`,
    secret: S.bodyOfBadRequest,
  });
  const pem = `-----BEGIN PRIVATE KEY-----\n${btoa(S.certificateKey)}\n-----END PRIVATE KEY-----\n`;
  await call('/v1/certificates', { method: 'POST', ...(await formOf(pem, 'k.pem')) });
  await call('/v1/extensions', { method: 'POST', ...(await formOf(S.extensionContent, 'e.zip')) });
  const { id, uploadUrl } = await client.contexts.create();
  await fetch(uploadUrl, { method: 'PUT', body: `no archive ${S.profileContent}` });
  await post('/v1/sessions', { browserSettings: { context: { id } } });
});

secrets('are in a browser that crashes', async () => {
  const session = await client.sessions.create({ keepAlive: true });
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const page = browser.contexts()[0]?.pages()[0];
  await page?.goto(`${origin}/page?token=${S.pageQuery}`);
  await page?.evaluate((text) => console.error(text), S.consoleText);
  const chrome = descendantsOf(machine.pid).filter(
    ({ command }) => command.includes('--user-data-dir') && !command.includes('--type='),
  );
  for (const { pid } of chrome) process.kill(pid, 'SIGSEGV');
  await until('it is over', async () => (await client.sessions.retrieve(session.id)).status === 'ERROR');
  await call(`/v1/sessions/${session.id}/events`, {}, true);
});

secrets('are in no log, list, event, error, table, command line or environment', async () => {
  const sessions = (await (await call('/v1/sessions', {}, true)).json()) as { id: string }[];
  assert.ok(sessions.length >= 2);
  for (const { id } of sessions)
    for (const what of ['events', 'logs', 'recording']) await call(`/v1/sessions/${id}/${what}`, {}, true);
  const hooks = (await (await call('/v1/webhooks', {}, true)).json()) as { data: { id: string }[] };
  for (const { id } of hooks.data) await call(`/v1/webhooks/${id}/deliveries`, {}, true);
  for (const list of ['/v1/projects', '/v1/certificates']) await call(list, {}, true);
  const places = [
    ...logPlaces(machine),
    ...(await tablePlaces(machine)),
    ...whileItRan,
    ...processPlaces(machine),
    ...answers,
  ];
  const kinds = new Map<string, number>();
  for (const { name } of places)
    kinds.set(name.split(/[ :]/)[0] ?? '', (kinds.get(name.split(/[ :]/)[0] ?? '') ?? 0) + 1);
  console.log(`read: ${[...kinds].map(([kind, count]) => `${count} x ${kind}`).join(', ')}`);
  for (const kind of ['log', 'table', 'command', 'environment', 'list', 'error'])
    assert.ok(kinds.get(kind), kind);
  assert.equal([...new Set(findLeaks(places))], []);
});

secrets('would be found: a place that has one is told', () => {
  for (const text of [S.cookie, btoa(S.cookie), `x=${S.cookie}&`])
    assert.is(findLeaks([{ name: 'log: a', text }]).length, 1);
  assert.equal(findLeaks([{ name: 'log: a', text: 'nothing' }]), []);
});

secrets.run();
