/** Receivers on loopback: honest, slow, refusing and lying ones. */
import type { LookupAddress } from 'node:dns';
import type { RequestListener } from 'node:http';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook as Verifier } from 'standardwebhooks';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../clock/system-clock.ts';
import { parseAllowedNetworks } from '../public-network/public-address.ts';
import { openSecureSite, openSite, type Site, trustTheSite } from '../public-network/testing/open-site.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { newWebhookDelivery } from '../testing/new-delivery.ts';
import { newWebhook } from '../testing/new-webhook.ts';
import { RECEIVER_LIMITS, sendDelivery } from './send-delivery.ts';

const LOOPBACK: LookupAddress = { address: '127.0.0.1', family: 4 };
const DELIVERY = newWebhookDelivery({ body: '{"type":"page.opened","text":"ü €"}' });
const NETWORK = {
  lookup: async () => [LOOPBACK],
  clock: systemClock,
  allowed: parseAllowedNetworks(['127.0.0.0/8']),
};
let sites: Site[] = [];

async function open(answer: RequestListener, opener = openSite): Promise<number> {
  const site = await opener(answer);
  sites.push(site);
  return site.port;
}
const send = (url: string, network: Parameters<typeof sendDelivery>[0] = NETWORK) =>
  sendDelivery(network, 'Test/1')(newWebhook({ endpoint: url }), DELIVERY);
const outcomeOf = async (url: string, network = NETWORK) => {
  const { status, error } = await send(url, network);
  return error ?? status;
};

const sending = suite('what is sent to a receiver');
sending.after.each(async () => {
  await Promise.all(sites.map((site) => site.stop()));
  sites = [];
});

sending('is signed, and is what the verifiers of Standard Webhooks take', async () => {
  const seen = Promise.withResolvers<unknown>();
  const port = await open(async (request, response) => {
    const body = await text(request);
    const verifier = new Verifier(newWebhook().secrets[0].secret);
    const headers = request.headers as Record<string, string>;
    seen.resolve([
      verifier.verify(body, headers),
      request.method,
      request.url,
      headers['content-type'],
      headers['user-agent'],
      headers['webhook-id'],
      headers['content-length'],
    ]);
    response.writeHead(204).end();
  });
  assert.is((await send(`http://127.0.0.1:${port}/a?b=c`)).status, 204);
  const { body, deliveryId } = DELIVERY;
  const size = String(Buffer.byteLength(body));
  const wanted = [JSON.parse(body), 'POST', '/a?b=c', 'application/json', 'Test/1', deliveryId, size];
  assert.equal(await seen.promise, wanted);
});

sending('goes by https with a certificate that is good for the name', async () => {
  const port = await open((_, response) => response.end(), openSecureSite);
  assert.is(await outcomeOf(`https://good.example:${port}/`), 'untrusted');
  trustTheSite();
  assert.is(await outcomeOf(`https://good.example:${port}/`), 200);
  assert.is(await outcomeOf(`https://other.example:${port}/`), 'untrusted');
});

sending('goes to no address that is not public, whatever its name was when it was made', async () => {
  let asked = 0;
  const port = await open(() => asked++);
  const network = { ...NETWORK, allowed: [] };
  assert.is(await outcomeOf(`https://rebound.example:${port}/`, network), 'refused-address');
  const publicly = { ...network, lookup: async () => [{ address: '8.8.8.8', family: 4 }] };
  assert.is(await outcomeOf('http://plain.example/', publicly), 'refused-address', 'not without encryption');
  assert.is(asked, 0);
});

const receivers = suite('a receiver');
receivers.after.each(async () => {
  await Promise.all(sites.map((site) => site.stop()));
  sites = [];
});

receivers('that refuses is refused for what it says', async () => {
  const port = await open(({ url }, response) => response.writeHead(Number(url?.slice(1))).end('no'));
  for (const status of [400, 404, 410, 429, 500, 503])
    assert.is(await outcomeOf(`http://127.0.0.1:${port}/${status}`), status);
});

receivers('that redirects is not followed', async () => {
  const asked: (string | undefined)[] = [];
  const port = await open(({ url }, response) => {
    asked.push(url);
    response.writeHead(url === '/307' ? 307 : 302, { location: '/elsewhere' }).end();
  });
  assert.is(await outcomeOf(`http://127.0.0.1:${port}/302`), 302);
  assert.is(await outcomeOf(`http://127.0.0.1:${port}/307`), 307);
  assert.equal(asked, ['/302', '/307']);
});

receivers('whose answer never ends is believed after its first bytes', async () => {
  const left = Promise.withResolvers<void>();
  const port = await open((_, response) => {
    const drip = setInterval(() => response.write(Buffer.alloc(8_192)), 1);
    response.once('close', () => {
      clearInterval(drip);
      left.resolve();
    });
  });
  assert.is(await outcomeOf(`http://127.0.0.1:${port}/`), 200);
  await left.promise;
});

receivers('that says 200 and breaks off has not taken it', async () => {
  const port = await open((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
  });
  assert.is(await outcomeOf(`http://127.0.0.1:${port}/`), 'bad-answer');
});

receivers('that is not there, or speaks something else', async () => {
  const port = await open((_, response) => response.end());
  await sites.pop()?.stop();
  assert.is(await outcomeOf(`http://127.0.0.1:${port}/`), 'unreachable');
  const server = net.createServer((socket) => socket.on('error', () => {}).end('220 mail\r\n'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port: mail } = server.address() as net.AddressInfo;
  assert.is(await outcomeOf(`http://127.0.0.1:${mail}/`), 'bad-answer');
  server.close();
});

for (const [what, isDripping] of [
  ['that never answers', false],
  ['that answers a byte at a time', true],
] as const) {
  receivers(`${what} is given ten seconds`, async () => {
    const clock = createManualClock();
    const began = Promise.withResolvers<void>();
    const port = await open((_, response) => {
      if (isDripping) response.writeHead(200).write('.', () => began.resolve());
      else began.resolve();
    });
    const sent = send(`http://127.0.0.1:${port}/`, { ...NETWORK, clock });
    await began.promise;
    clock.advance(RECEIVER_LIMITS.totalMs - 1);
    clock.advance(1);
    const { error, durationMs } = await sent;
    assert.equal([error, durationMs], ['timed-out', 10_000]);
  });
}

sending.run();
receivers.run();
