import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CUT_ANSWERS, startCutter } from '../../core/testing/cut-bodies.ts';
import {
  type OutgoingRequest,
  RequestFailedError,
  readText,
  saveBytes,
  sendRequest,
} from './http-request.ts';

const requests = suite('a request of the controller');

const SECRET = 'X-Amz-Signature=0123456789abcdef';
type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** Runs `use` against a server of this kind. */
async function against<T>(handle: Handler, use: (url: string) => Promise<T>): Promise<T> {
  const server = http.createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x?${SECRET}`);
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}
const send = (url: string, more: Partial<OutgoingRequest> = {}) =>
  sendRequest({ method: 'GET', url, silenceMs: 10_000, ...more });
const failureOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => assert.unreachable('it worked') as never,
    (error: Error) => error,
  );
const streamOf = (text: string, times: number) => Readable.from(Array(times).fill(Buffer.from(text)));

requests('resolves with the head, and leaves the body to its reader', async () => {
  await against(
    (_, response) => response.writeHead(503, { 'x-why': 'busy' }).end('later'),
    async (url) => {
      const answer = await send(url);
      assert.equal([answer.statusCode, answer.headers['x-why']], [503, 'busy']);
      assert.is(await readText(answer), 'later');
    },
  );
});

requests('sends exactly its headers and its body, as text or as it comes', async () => {
  const seen: unknown[] = [];
  const note: Handler = async (request, response) => {
    const { method, headers } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { host: _, connection: __, ...given } = headers;
    seen.push([method, given, Buffer.concat(chunks).toString()]);
    response.end();
  };
  await against(note, async (url) => {
    const headers = { 'content-length': 6 };
    (await send(url, { method: 'PUT', headers, body: streamOf('ab', 3) })).resume();
    (await send(url, { method: 'POST', headers, body: 'abcdef' })).resume();
  });
  const given = { 'content-length': '6' };
  assert.equal(seen, [
    ['PUT', given, 'ababab'],
    ['POST', given, 'abcdef'],
  ]);
});

requests('fails when nothing is heard for so long, and not while something is', async () => {
  await against(
    () => {},
    async (url) => {
      const error = await failureOf(send(url, { silenceMs: 30 }));
      assert.instance(error, RequestFailedError);
      assert.is(error.message, 'no answer within 30 ms');
    },
  );
  const slowly: Handler = async (_, response) => {
    for (const part of ['a', 'b', 'c', 'd']) {
      response.write(part);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    response.end();
  };
  const text = await against(slowly, async (url) => readText(await send(url, { silenceMs: 1_000 })));
  assert.is(text, 'abcd', 'all of it took longer');
});

requests('fails in the midst of a body that goes silent or breaks', async () => {
  for (const handle of [
    (_: unknown, response: http.ServerResponse) => void response.write('half'),
    (_: unknown, response: http.ServerResponse) => {
      response.write('half', () => response.destroy());
    },
  ]) {
    await against(handle, async (url) => {
      const answer = await send(url, { silenceMs: 100 });
      const error = await failureOf(readText(answer));
      assert.instance(error, RequestFailedError);
      assert.match(error.message, /^(reading the answer failed: E|no answer within)/);
    });
  }
});

for (const cut of CUT_ANSWERS)
  requests(`fails when its answer is cut, as a text and as a file: ${cut.name}`, async () => {
    const cutter = await startCutter(cut, 'half');
    const folder = mkdtempSync(join(tmpdir(), 'wallcrawler-cut-'));
    const ask = () => send(`http://127.0.0.1:${cutter.port}/x?${SECRET}`);
    const isReset = { name: 'RequestFailedError', message: 'reading the answer failed: ECONNRESET' };
    try {
      const text = await failureOf(readText(await ask()));
      const file = await failureOf(saveBytes(await ask(), join(folder, 'saved'), 1_000));
      for (const { name, message } of [text, file]) assert.equal({ name, message }, isReset);
    } finally {
      rmSync(folder, { recursive: true });
      await cutter.stop();
    }
  });

requests('says the code of what failed, and never its address, which may be a secret', async () => {
  const nowhere = await against(
    () => {},
    async (url) => url,
  );
  const error = await failureOf(send(nowhere));
  assert.instance(error, RequestFailedError);
  assert.is(error.message, 'GET failed: ECONNREFUSED');
  const hungUp = await against(
    (request) => request.socket.destroy(),
    (url) => failureOf(send(url)),
  );
  assert.is(hungUp.message, 'GET failed: ECONNRESET');
  for (const bad of [`no url?${SECRET}`, `ftp://x/?${SECRET}`]) {
    const { message } = await failureOf(send(bad));
    assert.not.match(message, '0123456789abcdef');
  }
});

requests('fails when its body does, without a path of this disk', async () => {
  const error = await against(
    (request, response) => request.on('end', () => response.end()).resume(),
    (url) => failureOf(send(url, { method: 'PUT', body: createReadStream('/nowhere/profile.tar.gz') })),
  );
  assert.instance(error, RequestFailedError);
  assert.is(error.message, 'PUT failed: ENOENT');
});

requests('hears an answer that comes before its body is through', async () => {
  const status = await against(
    (_, response) => response.writeHead(403).end(),
    async (url) => {
      const endless = Readable.from(
        (function* () {
          for (;;) yield Buffer.alloc(65_536);
        })(),
      );
      const answer = await send(url, { method: 'PUT', body: endless });
      endless.destroy();
      return answer.statusCode;
    },
  );
  assert.is(status, 403);
});

requests('is given up by its caller, before and while it waits', async () => {
  await against(
    () => {},
    async (url) => {
      assert.is((await failureOf(send(url, { signal: AbortSignal.abort() }))).name, 'AbortError');
      const stop = new AbortController();
      const waiting = failureOf(send(url, { signal: stop.signal }));
      setImmediate(() => stop.abort());
      assert.is((await waiting).name, 'AbortError');
    },
  );
});

requests.run();

const texts = suite('readText');

texts('joins characters that were cut, and takes no body for an empty one', async () => {
  const bytes = Buffer.from('ä🛒');
  const cut = Readable.from([...bytes].map((byte) => Buffer.from([byte])));
  assert.is(await readText(cut as http.IncomingMessage), 'ä🛒');
  assert.is(await readText(Readable.from([]) as http.IncomingMessage), '');
});

texts('reads so much and no more', async () => {
  const of = (bytes: number) => streamOf('x', bytes) as http.IncomingMessage;
  assert.is((await readText(of(10), 10)).length, 10);
  const endless = of(1_000);
  const error = await failureOf(readText(endless, 10));
  assert.instance(error, RequestFailedError);
  assert.is(error.message, 'the answer is longer than 10 bytes');
  assert.ok(endless.destroyed, 'the rest is not waited for');
});

texts.run();
