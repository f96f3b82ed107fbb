import { once } from 'node:events';
import http, { type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CONNECTION } from '../domain/timing.ts';
import { exchangeBytes } from '../testing/cut-bodies.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { endAnswer } from './end-answer.ts';
import { refuseMalformed } from './refuse-malformed.ts';

const MIB = 1024 * 1024;
const NO = 'too large';

/** Refuses everything at once, whatever comes with it. */
async function start() {
  const clock = createManualClock(0);
  const answered = Promise.withResolvers<ServerResponse>();
  const server = http.createServer((_request, response) => {
    response.writeHead(413, { 'content-length': NO.length });
    endAnswer(response, NO, clock);
    answered.resolve(response);
  });
  refuseMalformed(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    clock,
    answered: answered.promise,
    stop(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}

let served: Awaited<ReturnType<typeof start>>;
const answers = suite('an answer before all of its request has come');
answers.before.each(async () => {
  served = await start();
});
answers.after.each(() => served.stop());

const head = (more: string) => `POST / HTTP/1.1\r\nhost: x\r\n${more}\r\n\r\n`;

for (const connection of ['close', 'keep-alive'] as const)
  for (const [what, header, before, after] of [
    ['a length', `content-length: ${64 * MIB}`, '', ''],
    ['chunks', 'transfer-encoding: chunked', `${(64 * MIB).toString(16)}\r\n`, '\r\n0\r\n\r\n'],
  ] as const)
    answers(`reaches a client that sends all before it reads: ${what}, ${connection}`, async () => {
      const last = connection === 'close' ? '' : 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
      const { text, ends } = await exchangeBytes(served.port, [
        head(`connection: ${connection}\r\n${header}`) + before,
        Buffer.alloc(64 * MIB),
        after + last,
      ]);
      assert.is(ends, 'ended');
      assert.is(text.match(/HTTP\/1\.1 413 /g)?.length, last === '' ? 1 : 2, 'the connection is used again');
      assert.ok(text.endsWith(NO));
      assert.is(served.clock.pending(), 0, 'no timer is left');
    });

answers('without a body is ended at once', async () => {
  const { text, ends } = await exchangeBytes(served.port, head('connection: close'));
  assert.equal([ends, text.endsWith(NO), served.clock.pending()], ['ended', true, 0]);
});

answers('to HEAD has its headers', async () => {
  const request = head('connection: close\r\ncontent-length: 4').replace('POST', 'HEAD');
  const { text } = await exchangeBytes(served.port, `${request}body`);
  assert.match(text, /^HTTP\/1\.1 413 [\s\S]*content-length: 9\r\n[\s\S]*\r\n\r\n$/);
});

answers('can be read while its client still sends', async () => {
  const client = connect(served.port, '127.0.0.1');
  client.write(head('content-length: 10'));
  let text = '';
  while (!text.endsWith(NO)) text += String((await once(client, 'data'))[0]);
  client.write('0123456789');
  client.end();
  await once(client, 'close');
});

answers('waits for a client that falls silent a little, and no longer', async () => {
  const client = connect(served.port, '127.0.0.1');
  client.on('error', () => undefined);
  client.write(head('content-length: 10'));
  await once(client, 'data');
  client.write('more');
  const { req } = await served.answered;
  await once(req, 'data');
  served.clock.advance(CONNECTION.lingerMs);
  assert.not(req.destroyed, 'it sends');
  served.clock.advance(CONNECTION.lingerMs);
  assert.ok(req.destroyed);
  await once(client, 'close');
});

answers('is not read on for ever', async () => {
  const client = connect(served.port, '127.0.0.1');
  client.on('error', () => undefined);
  client.write(head('transfer-encoding: chunked'));
  await once(client, 'data');
  const { req } = await served.answered;
  for (let ms = 0; ms < CONNECTION.dropMs; ms += CONNECTION.lingerMs / 2) {
    assert.not(req.destroyed);
    client.write('1\r\nx\r\n');
    await once(req, 'data');
    served.clock.advance(CONNECTION.lingerMs / 2);
  }
  assert.ok(req.destroyed);
  await once(client, 'close');
});

answers('is not lost by a client that has said all that it will', async () => {
  const client = connect({ port: served.port, host: '127.0.0.1', allowHalfOpen: true });
  client.end(`${head('content-length: 10')}half`);
  let text = '';
  for await (const chunk of client) text += chunk;
  assert.match(text, /^HTTP\/1\.1 413 /);
  assert.is(text.match(/HTTP\/1\.1/g)?.length, 1, 'and is the only one');
});

answers.run();
