import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FileNotTakenError, sendFile } from './send-file.ts';

let server: http.Server;
/** A container that answers as it likes. */
async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = http.createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const FILE = { name: 'März 1%.bin', bytes: Buffer.from([0xff, 0, 0x80]) };
const faultOf = async (httpOrigin: string) => {
  const error: unknown = await sendFile({ httpOrigin }, FILE, 'secret').catch((thrown: unknown) => thrown);
  assert.instance(error, FileNotTakenError);
  assert.not.match(`${(error as Error).stack} ${JSON.stringify(error)}`, 'secret');
  return (error as FileNotTakenError).status;
};

const sending = suite('sendFile');
sending.after.each(() => {
  server.closeAllConnections();
  server.close();
});

sending('hands over the bytes, under the name of the file', async () => {
  const seen: unknown[] = [];
  const origin = await listen(async (request, response) => {
    seen.push(request.method, request.url, request.headers['content-length'], await buffer(request));
    response.end('{}');
  });
  await sendFile({ httpOrigin: `${origin}/connect` }, FILE, 't.o.k');
  assert.equal(seen, ['PUT', '/connect/uploads/M%C3%A4rz%201%25.bin?signingKey=t.o.k', '3', FILE.bytes]);
});

for (const status of [204, 410, 413, 500]) {
  sending(`is not done with ${status}`, async () => {
    assert.is(await faultOf(await listen((_, response) => response.writeHead(status).end())), status);
  });
}

sending('goes nowhere else, and says nothing of the token', async () => {
  const origin = await listen((_, response) => response.writeHead(307, { location: '/other' }).end());
  assert.is(await faultOf(origin), undefined);
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  assert.is(await faultOf(origin), undefined);
});

sending.run();
