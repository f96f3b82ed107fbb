// A file for a session, on its way through the router.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type RouterFixture, readAll, startRouterFixture } from './testing/router-fixture.ts';

const MIB = 1024 * 1024;
let fixture: RouterFixture;
const use = async (options: Parameters<typeof startRouterFixture>[0] = {}) => {
  fixture = await startRouterFixture(options);
  return fixture;
};
const path = (audience: 'cdp' | 'upload' | 'live' = 'cdp', name = 'a%20b.bin') =>
  `/connect/uploads/${name}?signingKey=${fixture.token(audience)}`;
const head = (length: string, target = path()) => `PUT ${target} HTTP/1.1\r\nHost: x\r\n${length}\r\n\r\n`;

/** A container that takes files, and what it knows of them. */
function takeFiles({ container }: RouterFixture) {
  const seen = { bytes: 0, isCutOff: false };
  container.handlers.request = (request: IncomingMessage, response: ServerResponse) => {
    request.on('data', (chunk: Buffer) => {
      seen.bytes += chunk.length;
    });
    request.on('end', () => response.end('taken'));
    request.on('error', () => {
      seen.isCutOff = true;
    });
  };
  return seen;
}

const files = suite('a file for a session');
files.after.each(() => fixture.stop());

for (const audience of ['cdp', 'upload'] as const) {
  files(`goes on to its container, with a token for ${audience}`, async () => {
    const { get, container } = await use();
    const seen = takeFiles(fixture);
    const response = await get(path(audience), { method: 'PUT', body: Buffer.alloc(3 * MIB) });
    assert.equal([response.status, await response.text(), seen.bytes], [200, 'taken', 3 * MIB]);
    const [request] = container.requests;
    assert.match(request?.url ?? '', /^\/uploads\/a%20b\.bin\?signingKey=/);
    assert.equal([request?.method, request?.headers['content-length']], ['PUT', String(3 * MIB)]);
  });
}

files('of a live view goes on to its container, and nothing else is put there', async () => {
  const { get, container } = await use();
  const seen = takeFiles(fixture);
  const live = `/connect/live/${fixture.token('live')}`;
  const put = (path: string) => get(path, { method: 'PUT', body: Buffer.alloc(3 * MIB) });
  const response = await put(`${live}/files/c-1/a%20b.bin`);
  assert.equal([response.status, await response.text(), seen.bytes], [200, 'taken', 3 * MIB]);
  assert.match(container.requests[0]?.url ?? '', /^\/live\/[^/]+\/files\/c-1\/a%20b\.bin$/);
  for (const path of [`${live}/view`, `${live}/files/c-1`, `${live}/devtools/inspector.html`])
    assert.is((await put(path)).status, 405, path);
  const foreign = await put(`/connect/live/${fixture.token('cdp')}/files/c-1/a`);
  assert.is(foreign.status, 401);
  assert.is(container.requests.length, 1);
});

files('waits at its client while the container takes nothing', async () => {
  const { raw, container } = await use();
  const arrived = Promise.withResolvers<IncomingMessage>();
  container.handlers.request = (request) => arrived.resolve(request);
  const client = raw(head(`Content-Length: ${64 * MIB}`));
  client.write(Buffer.alloc(64 * MIB));
  await arrived.promise;
  // No event says that nothing happens any more.
  for (let left = -1; left !== client.writableLength; await new Promise((done) => setTimeout(done, 100)))
    left = client.writableLength;
  // What the sockets in between hold is the kernel's, and a few buffers the router's: the rest is still here.
  assert.ok(client.writableLength > 32 * MIB, `${client.writableLength}`);
  const request = await arrived.promise;
  request.resume();
  await once(request, 'end');
  client.destroy();
});

files('that breaks off breaks off at the container', async () => {
  const { raw } = await use();
  const seen = takeFiles(fixture);
  const client = raw(`${head('Content-Length: 10')}half`);
  while (seen.bytes < 4) await new Promise(setImmediate);
  client.destroy();
  while (!seen.isCutOff) await new Promise(setImmediate);
});

files('of which nothing comes any more breaks off', async () => {
  const { raw } = await use({ limits: { uploadSilentMs: 20 } });
  const seen = takeFiles(fixture);
  const client = raw(`${head('Content-Length: 10')}half`);
  await once(client.resume(), 'close');
  while (!seen.isCutOff) await new Promise(setImmediate);
});

files('may take longer than any other request', async () => {
  const { raw } = await use({ limits: { httpRequestMs: 20 } });
  takeFiles(fixture);
  const client = raw(`${head('Content-Length: 4\r\nConnection: close')}`);
  await new Promise((resolve) => setTimeout(resolve, 60));
  client.write('late');
  assert.match(await readAll(client), /^HTTP\/1\.1 200 /);
});

files('that is refused is answered with what the container says, before all of it has come', async () => {
  const { raw, container } = await use();
  container.handlers.request = (_, response) => response.writeHead(413).end('{"message":"no"}');
  const client = raw(`${head(`Content-Length: ${100 * MIB}`)}${'x'.repeat(MIB)}`);
  let text = '';
  while (!text.includes('"no"')) text += String((await once(client, 'data'))[0]);
  assert.match(text, /^HTTP\/1\.1 413 /);
  client.destroy();
});

files('is no more than asked for: one that is not let in is not waited for', async () => {
  const { raw } = await use({ limits: { httpRequestMs: 20 } });
  const client = raw(head('Content-Length: 10', path('live')));
  assert.match(String((await once(client, 'data'))[0]), /^HTTP\/1\.1 401 /);
  await once(client, 'close');
});

for (const [what, status, request] of [
  ['a live view', 401, () => head('Content-Length: 0', path('live'))],
  ['no length', 411, () => head('Transfer-Encoding: chunked')],
  ['a folder', 405, () => head('Content-Length: 0', path('cdp', 'a/b'))],
  ['another method', 405, () => head('Content-Length: 0').replace('PUT', 'POST')],
  ['GET', 404, () => head('Content-Length: 0').replace('PUT', 'GET')],
] as const) {
  files(`is ${status} with ${what}`, async () => {
    const { raw, container } = await use();
    const client = raw(request());
    const text = String((await once(client, 'data'))[0]);
    assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.is(text.includes('uploaded by PUT to /uploads/<name>'), status === 405);
    assert.is(container.requests.length, 0);
    client.destroy();
  });
}

files.run();
