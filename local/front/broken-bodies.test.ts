// Bodies that are cut on their way through the one port, and answers that come before a body is through.
import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { refuseRequest } from '../../core/server/refusal.ts';
import { CUT_ANSWERS, CUTS, exchangeBytes, sendCut, startCutter } from '../../core/testing/cut-bodies.ts';
import { type Front, openFront, type Parts } from './open-front.ts';

const MIB = 1024 * 1024;
const NEXT = 'GET /v1/next HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
let front: Front;
let stopRouter: () => unknown;

/** The one port before a router at `port`. */
async function openBefore(port: number | undefined, stop: () => unknown = () => undefined): Promise<void> {
  stopRouter = stop;
  front = await openFront({ host: '127.0.0.1', port: 0 });
  const answer: RequestListener = (_, response) => void response.writeHead(200).end('answered');
  const router = { port: () => port, take: () => false };
  front.serve({ api: answer, storage: answer, operator: {} as Parts['operator'], router });
}

async function openBeforeServer(onRequest: RequestListener): Promise<void> {
  const server = http.createServer(onRequest).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await openBefore((server.address() as AddressInfo).port, () => {
    server.closeAllConnections();
    server.close();
  });
}

const bodies = suite('a body on its way through the one port');
bodies.after.each(async () => {
  await front.close();
  await stopRouter();
});

for (const cut of CUT_ANSWERS)
  for (const version of ['1.0', '1.1'])
    bodies(`is cut for the client too where the router's was, HTTP/${version}: ${cut.name}`, async () => {
      const router = await startCutter(cut, 'half');
      await openBefore(router.port, router.stop);
      const { ends } = await exchangeBytes(
        front.port,
        `GET /connect/live/t/ HTTP/${version}\r\nhost: x\r\n\r\n`,
      );
      assert.is(ends, 'reset');
    });

for (const requestLine of ['POST /connect/claim/T', 'PUT /connect/uploads/a?signingKey=T'])
  for (const cut of CUTS)
    bodies(`is cut for the router too: ${requestLine}, ${cut.name}`, async () => {
      const arrived = Promise.withResolvers<IncomingMessage>();
      const outcome = Promise.withResolvers<string>();
      await openBeforeServer((request) => {
        let text = '';
        request.on('data', (chunk) => {
          text += String(chunk);
          if (text === 'half') arrived.resolve(request);
        });
        request.once('end', () => outcome.resolve('whole'));
        request.once('error', () => outcome.resolve('cut'));
      });
      const answer = await sendCut(front.port, { requestLine, cut, text: 'half' }, arrived.promise);
      assert.is(await outcome.promise, 'cut');
      if (cut.name.endsWith('reset')) return assert.is(answer, '');
      assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*"message":"The request ended before all of it had come"/);
    });

/** A request with a body of 24 MB, all of which is sent before anything is read. */
const sendLarge = (requestLine: string, connection: string) =>
  exchangeBytes(front.port, [
    `${requestLine} HTTP/1.1\r\nhost: x\r\nconnection: ${connection}\r\ncontent-length: ${24 * MIB}\r\n\r\n`,
    Buffer.alloc(24 * MIB),
    connection === 'close' ? '' : NEXT,
  ]);

const LARGE = { status: 413, message: 'too large' };
for (const connection of ['close', 'keep-alive'])
  for (const requestLine of [
    'POST /connect/claim/T',
    'PUT /connect/uploads/a?signingKey=T',
    'POST /connect/live/T/view',
  ])
    bodies(`that the router refuses is refused in its words: ${requestLine}, ${connection}`, async () => {
      await openBeforeServer((_request, response) => refuseRequest(response, LARGE));
      const { text, ends } = await sendLarge(requestLine, connection);
      assert.match(text, /^HTTP\/1\.1 413 [\s\S]*"message":"too large"/);
      assert.is(ends, 'ended');
      assert.is(text.includes('answered'), connection === 'keep-alive', 'the connection is used again');
    });

bodies('is refused in words while there is no router, and while the machine starts', async () => {
  await openBefore(undefined);
  const { text } = await sendLarge('PUT /connect/uploads/a?signingKey=T', 'close');
  assert.match(text, /^HTTP\/1\.1 503 [\s\S]*"message":"The router is starting again: connect again"/);
  await front.close();
  front = await openFront({ host: '127.0.0.1', port: 0 });
  const early = await sendLarge('POST /v1/sessions', 'close');
  assert.match(early.text, /^HTTP\/1\.1 503 [\s\S]*"message":"The machine is starting: try again"/);
});

bodies.run();
