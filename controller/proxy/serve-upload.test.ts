import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sessionEnded } from '../../core/domain/close-codes.ts';
import { CUTS, exchangeBytes, sendCut } from '../../core/testing/cut-bodies.ts';
import { createProxyFixtures, type ProxyFixture } from '../testing/proxy-fixture.ts';

const { start, stopAll } = createProxyFixtures();
const serving = suite('a file that is sent to a session');
serving.after.each(stopAll);

const put = async (
  { port, token }: ProxyFixture,
  path: string,
  body: string | Buffer = 'x',
  given = token('cdp'),
) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}?signingKey=${given}`, {
    method: 'PUT',
    body,
  });
  return [response.status, ((await response.json()) as { message: string }).message];
};

/** A request whose body is written by hand. */
async function begin(
  { port, token }: ProxyFixture,
  headers: string,
  path = '/uploads/a',
): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1').on('error', () => undefined);
  socket.write(`PUT ${path}?signingKey=${token('upload')} HTTP/1.1\r\nhost: h\r\n${headers}\r\n\r\n`);
  await once(socket, 'connect');
  return socket.resume();
}

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise(setImmediate);
};
const hasBegun = ({ filesThere }: ProxyFixture) => until(() => filesThere().unfinished.length > 0);
const brokeOff = ({ seen }: ProxyFixture) => until(() => seen.log.includes('upload broke off'));

for (const audience of ['cdp', 'upload'] as const) {
  serving(`lies there under its name, with a token for ${audience}`, async () => {
    const fixture = await start();
    const content = Buffer.from([0xff, 0, 0x80, 13, 10]);
    const answer = await put(fixture, '/uploads/M%C3%A4rz%201.bin', content, fixture.token(audience));
    assert.equal(answer, [200, 'The file is /tmp/.uploads/März 1.bin']);
    assert.ok(readFileSync(fixture.pathOf('März 1.bin')).equals(content));
    assert.equal(fixture.filesThere(), { whole: ['März 1.bin'], unfinished: [] });
  });
}

serving('may be empty, and may come by the path of the router', async () => {
  const fixture = await start();
  assert.is((await put(fixture, '/connect/uploads/a', ''))[0], 200);
  assert.is(readFileSync(fixture.pathOf('a'), 'utf8'), '');
});

serving('is sent by a client: the session is not idle', async () => {
  const fixture = await start();
  await put(fixture, '/uploads/a');
  assert.ok(fixture.seen.commands > 0);
});

for (const [what, path, name] of [
  ['folders', '/uploads/..%2f..%2fetc%2fpasswd', 'passwd'],
  ['a dot in front', '/uploads/.%2e.ssh', 'ssh'],
  ['control characters', '/uploads/a%00b%0a', 'ab'],
] as const) {
  serving(`loses ${what} of its name`, async () => {
    const fixture = await start();
    assert.equal(await put(fixture, path), [200, `The file is /tmp/.uploads/${name}`]);
    assert.equal(fixture.filesThere().whole, [name]);
  });
}

for (const [what, path, audience, status] of [
  ['the token of a live view', '/uploads/a', 'live', 401],
  ['the token of a container', '/uploads/a', 'controller', 401],
  ['no name', '/uploads/%20', 'cdp', 400],
  ['a name that is too long', `/uploads/${'x'.repeat(256)}`, 'cdp', 400],
  ['a folder', '/uploads/a/b', 'cdp', 405],
  ['a folder above', '/uploads/..%2f', 'cdp', 400],
  ['another path', '/json/x', 'cdp', 405],
] as const) {
  serving(`is ${status} with ${what}`, async () => {
    const fixture = await start();
    assert.is((await put(fixture, path, 'x', fixture.token(audience)))[0], status);
    assert.equal(fixture.filesThere(), { whole: [], unfinished: [] });
  });
}

serving('is 401 for another session, and before there is one', async () => {
  const fixture = await start();
  const events = { onCdpClients() {}, onCommand() {}, onBrowserClose() {} };
  fixture.proxy.assign({ sessionId: 's2', keepAlive: false, events });
  assert.is((await put(fixture, '/uploads/a'))[0], 401);
});

serving('is 411 when nobody says how long it is', async () => {
  const socket = await begin(await start(), 'transfer-encoding: chunked');
  assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1.1 411 /);
  socket.destroy();
});

serving('is 413 when it is too large, before it is sent', async () => {
  const socket = await begin(await start(), 'content-length: 1000000001');
  assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1.1 413 /);
  socket.destroy();
});

serving('is 413 when the session has too many', async () => {
  const fixture = await start({ uploadLimits: { maxFiles: 1 } });
  assert.is((await put(fixture, '/uploads/a'))[0], 200);
  assert.is((await put(fixture, '/uploads/b'))[0], 413);
});

serving('is 507 when the disk has no room', async () => {
  const fixture = await start({ uploadLimits: { minFreeBytes: Number.MAX_SAFE_INTEGER } });
  assert.is((await put(fixture, '/uploads/a'))[0], 507);
});

serving('leaves nothing when its sender leaves', async () => {
  const fixture = await start();
  const socket = await begin(fixture, 'content-length: 10');
  socket.write('half');
  await hasBegun(fixture);
  socket.destroy();
  await brokeOff(fixture);
  assert.equal(fixture.filesThere(), { whole: [], unfinished: [] });
});

serving('is refused in words to who sends all of it before it reads', async () => {
  const fixture = await start({ uploadLimits: { maxFileBytes: 1_000 } });
  const bytes = 24 * 1024 * 1024;
  const line = `PUT /uploads/a?signingKey=${fixture.token('upload')} HTTP/1.1`;
  const head = `${line}\r\nhost: h\r\nconnection: close\r\ncontent-length: ${bytes}\r\n\r\n`;
  const { text, ends } = await exchangeBytes(fixture.port, [head, Buffer.alloc(bytes)]);
  assert.match(text, /^HTTP\/1\.1 413 [\s\S]*"message":"A file may have /);
  assert.is(ends, 'ended');
});

for (const cut of CUTS.filter(({ name }) => name.startsWith('a length')))
  serving(`leaves nothing when it is cut: ${cut.name}`, async () => {
    const fixture = await start();
    const requestLine = `PUT /uploads/a?signingKey=${fixture.token('upload')}`;
    const answer = await sendCut(fixture.port, { requestLine, cut, text: 'half' }, hasBegun(fixture));
    await brokeOff(fixture);
    assert.equal(fixture.filesThere(), { whole: [], unfinished: [] });
    if (cut.name.endsWith('reset')) return;
    assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*"The request ended before all of it had come"/);
  });

serving('is cut off, and leaves nothing, when its sender stands still', async () => {
  const fixture = await start({ limits: { uploadSilentMs: 20 } });
  const socket = await begin(fixture, 'content-length: 10');
  socket.write('half');
  await Promise.all([once(socket, 'close'), brokeOff(fixture)]);
  assert.equal(fixture.filesThere(), { whole: [], unfinished: [] });
});

serving('is cut off, and leaves nothing, when the session ends', async () => {
  const fixture = await start();
  const socket = await begin(fixture, 'content-length: 10');
  socket.write('half');
  await hasBegun(fixture);
  await Promise.all([
    once(socket, 'close'),
    brokeOff(fixture),
    fixture.proxy.endSession(sessionEnded('released')),
  ]);
  assert.equal(fixture.filesThere(), { whole: [], unfinished: [] });
  assert.is((await put(fixture, '/uploads/b'))[0], 410);
});

serving('is not read for longer than any other request, when it is refused', async () => {
  const fixture = await start({ limits: { httpRequestMs: 20 } });
  const socket = await begin(fixture, 'content-length: 10', '/uploads/%20');
  socket.write('half');
  await once(socket, 'close');
});

serving('may take longer than any other request', async () => {
  // As much as its head may take on a busy machine: until it is there, this is a request like any other.
  const fixture = await start({ limits: { httpRequestMs: 300 } });
  const socket = await begin(fixture, 'content-length: 4');
  await hasBegun(fixture);
  await new Promise((resolve) => setTimeout(resolve, 400));
  socket.write('late');
  assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1.1 200 /);
  socket.destroy();
});

serving.run();
