import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createProxyFixtures } from '../testing/proxy-fixture.ts';

const handshakes = suite('handshakes that are none');

const { start, stopAll } = createProxyFixtures();
handshakes.after.each(stopAll);

const GOOD: Readonly<Record<string, string>> = {
  host: 'x',
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** Everything that a server says to a request until it closes the connection. */
async function answerTo(port: number, request: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  socket.end(request);
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

for (const [what, method, changed, status, message] of [
  ['a key that is none', 'GET', { 'sec-websocket-key': 'short' }, 400, 'Sec-WebSocket-Key'],
  ['no key', 'GET', { 'sec-websocket-key': undefined }, 400, 'Sec-WebSocket-Key'],
  ['an unknown version', 'GET', { 'sec-websocket-version': '12' }, 400, 'Sec-WebSocket-Version'],
  ['a bad protocol', 'GET', { 'sec-websocket-protocol': 'a,,b' }, 400, 'Sec-WebSocket-Protocol'],
  ['another upgrade', 'GET', { upgrade: 'h2c' }, 400, 'Upgrade'],
  ['another method', 'POST', {}, 405, 'Only GET is served here'],
] as const) {
  handshakes(`with ${what} are answered with ${status}, in the platform's error shape`, async () => {
    const { port, token, seen, chrome, get } = await start();
    const headers = Object.entries({ ...GOOD, ...changed }).filter(([, value]) => value !== undefined);
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const path = `/?signingKey=${token('cdp')}`;
    const answer = await answerTo(port, `${method} ${path} HTTP/1.1\r\n${lines}\r\n`);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.match(head, 'content-type: application/json');
    if (status === 400) assert.match(head, 'sec-websocket-version: 13, 8');
    const { statusCode, error, message: said, ...rest } = JSON.parse(body);
    assert.equal([statusCode, error], [status, status === 400 ? 'Bad Request' : 'Method Not Allowed']);
    assert.match(said, message);
    assert.equal(rest, {});
    assert.equal(seen.counts, []);
    assert.match(await (await get('/metrics')).text(), `upgrades_total{status="${status}"} 1`);
    // Its channel to Chrome is closed again.
    await chrome.connection.call('Browser.getVersion');
    assert.is(chrome.sessions.size, 0);
  });
}

handshakes.run();
