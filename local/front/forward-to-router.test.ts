import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { forwardToRouter } from './forward-to-router.ts';
import type { RouterDoor } from './router-door.ts';

const listen = async (handle: http.RequestListener) => {
  const server = http.createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
};

/** A front with a router behind it that says what it got. */
async function setUp() {
  const router = await listen(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.end(`${request.method} ${request.url} ${request.headers['content-length']} ${body}`);
  });
  const door = { port: () => router.port } as RouterDoor;
  const front = await listen((request, response) => {
    void forwardToRouter(request, response, { router: door, publicUrl: undefined });
  });
  return {
    send: async (method: string, path: string) => {
      const answer = await fetch(`http://127.0.0.1:${front.port}${path}`, { method, body: 'content' });
      return answer.text();
    },
    stop() {
      for (const { server } of [front, router]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

const front = suite('requests for the router');

front('bring their bodies where it takes one: files of clients and of who watches, and claims', async () => {
  const { send, stop } = await setUp();
  try {
    for (const [method, path] of [
      ['PUT', '/connect/uploads/a%20b?signingKey=T'],
      ['PUT', '/connect/live/T/files/c-1/a%20b'],
      ['PUT', '/live/T/files/c-1/a%20b'],
      ['POST', '/connect/claim/T'],
    ] as const)
      assert.match(await send(method, path), /^(?:PUT|POST) \/connect\/\S+ .*content$/, path);
    for (const path of ['/connect/live/T/view', '/connect/live/T/files/c-1', '/connect/devtools/page/A'])
      assert.not.match(await send('PUT', path), /content$/, path);
  } finally {
    stop();
  }
});

front.run();
