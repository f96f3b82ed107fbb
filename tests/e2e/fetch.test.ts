/** A page without a browser: asked for by the SDK, from a site on this machine that the owner has allowed. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Browserbase } from '@browserbasehq/sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

const PAGE = `<title>A page</title><h1>Hello</h1><a href="/next">next</a>
<script type="application/ld+json">{"@type":"Product","name":"Lamp","offers":{"@type":"Offer","price":"19.90"}}</script>`;

const pages = suite('a page without a browser');
let machine: Wallcrawler;
let client: Browserbase;
let site: Server;
let origin: string;

pages.before(async () => {
  site = createServer((request, response) => {
    if (request.url === '/moved') return response.writeHead(302, { location: '/' }).end();
    if (request.url === '/away') return response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
    if (request.url === '/missing') return response.writeHead(404).end('none');
    if (request.url === '/bomb')
      return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(20_000_000)));
    response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': ['a=1', 'b=2'] });
    return response.end(PAGE);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  machine = await startWallcrawler({ env: { WALLCRAWLER_ALLOWED_NETWORKS: '127.0.0.0/8' } });
  client = machine.client();
});
pages.after(async () => {
  await machine.dispose();
  site.closeAllConnections();
  site.close();
});

const refused = async (body: object) => {
  const response = await machine.call('/v1/fetch', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { message, id } = (await response.json()) as { message: string; id?: string };
  return { status: response.status, message, hasId: id !== undefined };
};

pages('is answered as it is, as Markdown and as data', async () => {
  const raw = await client.fetchAPI.create({ url: `${origin}/` });
  assert.equal([raw.statusCode, raw.content, raw.encoding], [200, PAGE, 'utf-8']);
  assert.is(raw.headers['set-cookie'], 'a=1\nb=2');
  const markdown = await client.fetchAPI.create({ url: `${origin}/`, format: 'markdown' });
  assert.is(markdown.content, `# Hello\n\n[next](${origin}/next)\n`);
  const schema = { required: ['name'], properties: { name: { type: 'string' }, price: { type: 'number' } } };
  const data = await client.fetchAPI.create({ url: `${origin}/`, format: 'json', schema });
  assert.equal(data.content, { name: 'Lamp', price: 19.9 });
});

pages('is followed where it has moved, if that is wanted', async () => {
  const moved = await client.fetchAPI.create({ url: `${origin}/moved` });
  assert.equal([moved.statusCode, moved.headers.location], [302, '/']);
  const followed = await client.fetchAPI.create({ url: `${origin}/moved`, allowRedirects: true });
  assert.equal([followed.statusCode, followed.content], [200, PAGE]);
  assert.is((await client.fetchAPI.create({ url: `${origin}/missing` })).statusCode, 404);
});

pages('is not asked for where it must not be', async () => {
  assert.equal(await refused({ url: `${origin}/away`, allowRedirects: true }), {
    status: 400,
    message:
      'body/url: 10.0.0.1 has no address on the public network, and its network is not allowed here (docs/fetch.md)',
    hasId: true,
  });
  assert.is((await refused({ url: 'http://169.254.169.254/latest' })).status, 400);
  assert.is((await refused({ url: 'file:///etc/passwd' })).status, 400);
  assert.is((await refused({ url: `${origin}/bomb` })).status, 502);
  assert.equal(await refused({ url: 7 }), { status: 400, message: 'body/url must be string', hasId: false });
});

pages('names the proxy that there is not', async () => {
  const { response } = await client.fetchAPI.create({ url: `${origin}/`, proxies: true }).withResponse();
  assert.is(response.headers.get('x-wallcrawler-ignored'), 'proxies');
});

pages.run();
