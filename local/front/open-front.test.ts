import { once } from 'node:events';
import http, { type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Front, openFront, type Parts } from './open-front.ts';
import type { RouterDoor } from './router-door.ts';

let front: Front;
let upstream: Server | undefined;
const urlOf = (path: string) => `http://127.0.0.1:${front.port}${path}`;
const operator = {} as Parts['operator'];
const answering =
  (text: string): Parts['api'] =>
  (_request, response) =>
    void response.end(text);

async function open(router?: RouterDoor, publicUrl?: string): Promise<void> {
  front = await openFront({ host: '127.0.0.1', port: 0 });
  front.serve({ api: answering('api'), storage: answering('storage'), operator, router, publicUrl });
}

/** A router's HTTP port that notes what comes, and a door to it. */
async function startRouter(onRequest: http.RequestListener): Promise<RouterDoor> {
  upstream = http.createServer(onRequest).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  return { port: () => port, take: () => false };
}

async function exchange(bytes: string): Promise<string> {
  const socket = connect(front.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

const UPGRADE = 'Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Odd: \u00e9\r\n\r\n';
const messageOf = async (response: Response) => ((await response.json()) as { message: string }).message;

const t = suite('the one port');
t.after.each(async () => {
  await front.close();
  upstream?.closeAllConnections();
  upstream?.close();
  upstream = undefined;
});

t('is taken at once, and says that the machine is starting until it serves', async () => {
  front = await openFront({ host: '127.0.0.1', port: 0 });
  const early = await fetch(urlOf('/v1/sessions'));
  assert.equal([early.status, early.headers.get('retry-after')], [503, '1']);
  assert.is(await messageOf(early), 'The machine is starting: try again');
  assert.match(await exchange(`GET /connect HTTP/1.1\r\n${UPGRADE}`), /^HTTP\/1\.1 503 /);
  front.serve({ api: answering('api'), storage: answering('storage'), operator, router: undefined });
  assert.is(await (await fetch(urlOf('/v1/sessions'))).text(), 'api');
  assert.is(await (await fetch(urlOf('/s3/bucket/key'))).text(), 'storage');
});

t('hands a WebSocket over with its request as it was written, and what came behind it', async () => {
  const taken: string[] = [];
  await open({
    port: () => undefined,
    take(client: Socket, sent) {
      taken.push(sent);
      client.end('from the router');
      return true;
    },
  });
  assert.is(await exchange(`GET /?signingKey=x HTTP/1.1\r\n${UPGRADE}early`), 'from the router');
  assert.equal(taken, [
    `GET /connect/?signingKey=x HTTP/1.1\r\n${Buffer.from(UPGRADE).toString('latin1')}early`,
  ]);
});

t("refuses a WebSocket, and what is the router's, while there is no router to take it", async () => {
  await open({ port: () => undefined, take: () => false });
  assert.match(await exchange(`GET /connect HTTP/1.1\r\n${UPGRADE}`), /^HTTP\/1\.1 503 .*starting again/s);
  const response = await fetch(urlOf('/connect/live/t/x'));
  assert.is(response.status, 503);
  assert.is(await messageOf(response), 'The router is starting again: connect again');
});

t('says which variable has no router when browsers are reached directly', async () => {
  await open();
  assert.match(await messageOf(await fetch(urlOf('/json/version'))), /^WALLCRAWLER_ROUTER is 0/);
  assert.match(
    await exchange(`GET /connect HTTP/1.1\r\n${UPGRADE}`),
    /^HTTP\/1\.1 404 .*WALLCRAWLER_ROUTER/s,
  );
});

t("forwards a plain request with its client's address, and without what opens the API", async () => {
  const requests: IncomingMessage[] = [];
  const router = await startRouter((request, response) => {
    requests.push(request);
    response.writeHead(404, { 'x-from': 'router', 'set-cookie': ['a=1', 'b=2'] }).end(Buffer.from([0, 255]));
  });
  await open(router);
  const headers = { 'x-bb-api-key': 'secret', 'x-forwarded-for': '9.9.9.9', 'x-other': '1' };
  const response = await fetch(urlOf('/live/t/x?q=%2F'), { headers });
  assert.equal([response.status, response.headers.get('x-from')], [404, 'router']);
  assert.equal(response.headers.getSetCookie(), ['a=1', 'b=2']);
  assert.equal([...new Uint8Array(await response.arrayBuffer())], [0, 255]);
  const [seen] = requests;
  assert.is(seen?.url, '/connect/live/t/x?q=%2F');
  assert.is(seen?.headers['x-forwarded-for'], '9.9.9.9, 127.0.0.1');
  assert.equal([seen?.headers['x-other'], seen?.headers['x-bb-api-key']], ['1', undefined]);
});

t(
  "tells the router by which name and scheme the client came, and believes nobody else's word for it",
  async () => {
    const seen: unknown[] = [];
    const router = await startRouter(({ headers }, response) => {
      seen.push([headers['x-forwarded-host'], headers['x-forwarded-proto']]);
      response.end();
    });
    for (const publicUrl of [undefined, 'https://browsers.example']) {
      await open(router, publicUrl);
      await fetch(urlOf('/json/version'), { headers: { 'x-forwarded-host': 'evil.example' } });
      if (publicUrl === undefined) {
        assert.equal(seen, [[`127.0.0.1:${front.port}`, 'http']]);
        await front.close();
      }
    }
    assert.equal(seen[1], ['browsers.example', 'https']);
  },
);

t('takes the body of a claim along, and of nothing else', async () => {
  const door = await startRouter(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    response.end(`${request.method} ${request.url} ${text}`);
  });
  await open(door);
  const post = async (path: string) => (await fetch(urlOf(path), { method: 'POST', body: 'sealed' })).text();
  assert.is(await post('/connect/claim/T'), 'POST /connect/claim/T sealed');
  for (const path of ['/connect/live/T', '/connect/json/new', '/connect/claims/T'])
    assert.is(await post(path), `POST ${path} `);
});

t('a name that is no address is not taken for a router that is away', async () => {
  const seen: unknown[] = [];
  const router = await startRouter(({ headers }, response) => {
    seen.push(headers['x-forwarded-host']);
    response.writeHead(400).end();
  });
  await open(router);
  for (const line of ['HTTP/1.1\r\nHost: a b', 'HTTP/1.0']) {
    assert.match(
      await exchange(`GET /json/version ${line}\r\nConnection: close\r\n\r\n`),
      /^HTTP\/1\.1 400 /,
    );
  }
  assert.equal(seen, ['a b', '']);
});

t('breaks off where the router does: nobody takes half an answer for a whole one', async () => {
  const router = await startRouter((_request, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('half', () => response.destroy());
  });
  await open(router);
  const response = await fetch(urlOf('/connect/live/t/x'));
  await response.text().then(
    () => assert.unreachable('half a file was taken'),
    (error: Error) => assert.instance(error, TypeError),
  );
});

t('a request that nobody waits for any more is given up at the router too', async () => {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  await open(
    await startRouter((request) => {
      request.socket.once('close', () => resolve());
      arrive();
    }),
  );
  const asking = new AbortController();
  const answer = fetch(urlOf('/connect/live/t/x'), { signal: asking.signal }).catch(() => undefined);
  await arrived;
  asking.abort();
  await gone;
  await answer;
});

t.run();
