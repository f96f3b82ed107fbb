/** Files of 1 GB, down and up: whole, and no process that they pass holds more of them than its streams do. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UPLOAD_LIMITS } from '../../core/domain/uploads.ts';
import { descendantsOf } from '../e2e/support/processes.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

const BYTES = UPLOAD_LIMITS.maxFileBytes;
const CHUNK_BYTES = 1024 * 1024;
/** What a process may hold more than before: of 1 GB, not a fifth. */
const MAX_GROWTH_MB = 180;
const STORE_LIMIT_MS = 120_000;

/** 1 GB of which no two chunks are the same; made anew each time. */
function* largeContent(): Generator<Buffer> {
  for (let at = 0, number = 0; at < BYTES; at += CHUNK_BYTES, number += 1) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, BYTES - at), String.fromCharCode(97 + (number % 26)));
    chunk.writeUInt32LE(number, 0);
    yield chunk;
  }
}

const sha256Of = async (content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk);
  return hash.digest('hex');
};

/** The same sum over a file as a page makes it, which has no hash that takes its bytes one after the other. */
const SUM_IN_PAGE = `(async () => {
  const [file] = document.querySelector('input').files;
  const reader = file.stream().getReader();
  let sum = 0, size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    for (const byte of next.value) sum = Math.imul(sum, 31) + byte | 0;
    size += next.value.length;
  }
  return { name: file.name, size, sum };
})()`;

function sumOf(content: Iterable<Uint8Array>): number {
  let sum = 0;
  for (const chunk of content) for (const byte of chunk) sum = (Math.imul(sum, 31) + byte) | 0;
  return sum;
}

const large = suite('files of 1 GB');
let machine: Wallcrawler;
let site: Server;
let origin: string;

large.before(async () => {
  site = createServer((_, response) => {
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': BYTES,
      'content-disposition': 'attachment; filename="large.bin"',
    });
    void pipeline(Readable.from(largeContent()), response).catch(() => undefined);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  machine = await startWallcrawler();
});
large.after(async () => {
  site?.closeAllConnections();
  site?.close();
  await machine?.dispose();
});

/** The most that a process has held since it was last asked to forget it. */
const peakMb = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
// 5: the peak begins anew (proc(5)).
const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

/** Those that a file passes: the machine with its functions and its S3, the router, and the session's controller. */
function watchMemory(sessionId: string) {
  const all = descendantsOf(machine.pid);
  const chrome = all.find(
    ({ command }) => command.includes(sessionId) && command.includes('--user-data-dir'),
  );
  const router = all.find(({ command }) => command.includes('router'));
  const pids = { machine: machine.pid, router: router?.pid ?? 0, controller: chrome?.parentPid ?? 0 };
  const before = Object.entries(pids).map(([name, pid]) => {
    forgetPeak(pid);
    return { name, pid, beforeMb: peakMb(pid) };
  });
  return (what: string): void => {
    for (const { name, pid, beforeMb } of before) {
      const mb = peakMb(pid);
      console.log(`${what}: ${name} ${beforeMb.toFixed(0)} MB, at most ${mb.toFixed(0)} MB`);
      assert.ok(mb - beforeMb < MAX_GROWTH_MB, `${name} holds too much of it: ${mb.toFixed(0)} MB`);
    }
  };
}

interface Listed {
  readonly id: string;
  readonly size: number;
  readonly checksum: string;
}

large('one is downloaded, stored and given out again', async () => {
  const client = machine.client();
  const { id, connectUrl } = await client.sessions.create();
  const browser = await chromium.connectOverCDP(connectUrl);
  const page = await browser.contexts()[0]?.newPage();
  const checkMemory = watchMemory(id);
  await page?.goto(origin).catch((error: Error) => assert.match(error.message, /Download is starting/));
  const one = await until(
    'it is listed',
    async () => {
      const { downloads } = (await (await machine.call(`/v1/downloads?sessionId=${id}`)).json()) as {
        downloads: readonly Listed[];
      };
      return downloads[0];
    },
    STORE_LIMIT_MS,
  );
  checkMemory('a download');
  const expected = await sha256Of(largeContent());
  assert.equal([one.size, one.checksum], [BYTES, expected]);

  const checkAgain = watchMemory(id);
  // Not the client that checks answers: it would hold all of it.
  const answer = await fetch(`${machine.url}/v1/downloads/${one.id}`, {
    headers: { 'x-bb-api-key': machine.apiKey, accept: 'application/octet-stream' },
  });
  assert.is(answer.status, 200);
  assert.is(await sha256Of(answer.body as unknown as AsyncIterable<Uint8Array>), expected);
  checkAgain('taking it out');
  const zip = await machine.call(`/v1/sessions/${id}/downloads`);
  assert.is(zip.status, 413, 'a zip of it is refused, and named is how else');
  await browser.close();
});

large('one is uploaded through the router, and read by a page', async () => {
  const { id, connectUrl } = await machine.client().sessions.create();
  const browser = await chromium.connectOverCDP(connectUrl);
  const page = (await browser.contexts()[0]?.newPage()) ?? (assert.unreachable('a page is open') as never);
  await page.setContent('<input type=file>');
  const url = new URL(connectUrl.replace(/^ws/, 'http'));
  url.pathname = `${url.pathname.replace(/\/$/, '')}/uploads/large.bin`;
  const checkMemory = watchMemory(id);
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { 'content-length': String(BYTES) },
    body: Readable.toWeb(Readable.from(largeContent())) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
  assert.equal(
    [answer.status, await answer.json()],
    [200, { message: 'The file is /tmp/.uploads/large.bin' }],
  );
  checkMemory('an upload');

  const cdp = await page.context().newCDPSession(page);
  const { root } = await cdp.send('DOM.getDocument');
  const { nodeId } = await cdp.send('DOM.querySelector', { nodeId: root.nodeId, selector: 'input' });
  await cdp.send('DOM.setFileInputFiles', { nodeId, files: ['/tmp/.uploads/large.bin'] });
  assert.equal(await page.evaluate(SUM_IN_PAGE), {
    name: 'large.bin',
    size: BYTES,
    sum: sumOf(largeContent()),
  });
  await browser.close();
});

large.run();
