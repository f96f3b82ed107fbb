import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exchangeBytes } from '../testing/cut-bodies.ts';
import { demandHost, MALFORMED, refuseMalformed } from './refuse-malformed.ts';

let port: number;
let server: http.Server;
async function serve(onRequest: RequestListener): Promise<void> {
  server = http.createServer({ requireHostHeader: false }, demandHost(onRequest));
  refuseMalformed(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
}

const CHUNKED = 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n';
const refusals = suite('what is no request');
refusals.after.each(() => {
  server.closeAllConnections();
  server.close();
});

for (const [what, bytes, { status, message }] of [
  ['nonsense', 'nonsense\r\n\r\n', MALFORMED.notHttp],
  ['a chunk that is none', `${CHUNKED}nonsense\r\n`, MALFORMED.notHttp],
  ['extensions of a chunk without end', `${CHUNKED}1;${'x'.repeat(20_000)}`, MALFORMED.largeExtensions],
  ['large headers', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, MALFORMED.largeHeaders],
  ['no Host', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n', MALFORMED.noHost],
  ['a tunnel', 'CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n', MALFORMED.tunnel],
] as const)
  refusals(`is answered in the shape of the API's errors: ${what}`, async () => {
    await serve((request) => void request.resume());
    const { text, ends } = await exchangeBytes(port, bytes);
    assert.is(ends, 'ended');
    const [head = '', body = ''] = text.split('\r\n\r\n');
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `));
    const { statusCode, error, message: said } = JSON.parse(body) as Record<string, unknown>;
    assert.equal([statusCode, error, said], [status, http.STATUS_CODES[status], message]);
  });

refusals('is none without Host in HTTP/1.0', async () => {
  await serve((_, response) => void response.end('served'));
  assert.match((await exchangeBytes(port, 'GET / HTTP/1.0\r\n\r\n')).text, /served$/);
});

refusals(
  'puts no answer into the midst of another one, whose client would take it for more of that',
  async () => {
    await serve((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-length': 10_000 });
      response.write('begun');
    });
    const client = connect(port, '127.0.0.1');
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.write(CHUNKED);
    let text = '';
    client.on('error', () => undefined);
    client.on('data', (chunk) => {
      text += String(chunk);
      client.write('nonsense\r\n');
    });
    await closed;
    assert.match(text, /\r\n\r\nbegun$/);
  },
);

refusals('is answered also behind an answer that has ended', async () => {
  await serve((_, response) => void response.end('served'));
  const { text } = await exchangeBytes(port, 'GET / HTTP/1.1\r\nhost: x\r\n\r\nnonsense\r\n\r\n');
  assert.match(text, /^HTTP\/1\.1 200 [\s\S]*served/);
  assert.match(text, /HTTP\/1\.1 400 [\s\S]*"The request is not valid HTTP"/);
});

refusals.run();
