// What happens in a session arrives where its project has asked for it: signed, in spite of a receiver that is down, and
// once more when somebody asks.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook as Verifier } from 'standardwebhooks';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
interface Delivery {
  readonly id: string;
  readonly eventType: string;
  readonly status: string;
  readonly tries: readonly { readonly status: number | null; readonly error: string | null }[];
}

let wallcrawler: Wallcrawler;
let server: Server;
const received: Received[] = [];
/** The receiver refuses the next event of this type. */
let refused: string | undefined;
/** What `/gone` answers. */
let isGone = true;

async function call<T>(method: string, path: string, body?: object): Promise<{ status: number; body: T }> {
  const headers = { 'content-type': 'application/json' };
  const given = body === undefined ? {} : { body: JSON.stringify(body), headers };
  const answer = await wallcrawler.call(path, { method, ...given });
  const answered = await answer.text();
  return { status: answer.status, body: (answered === '' ? undefined : JSON.parse(answered)) as T };
}

const verified = ({ headers, body }: Received, secret: string) =>
  new Verifier(secret).verify(body, headers as Record<string, string>) as Record<string, unknown>;

const webhooks = suite('webhooks');

webhooks.before(async () => {
  server = createServer(async (request, response) => {
    const body = await text(request);
    received.push({ headers: request.headers, body });
    if (request.url === '/gone') return void response.writeHead(isGone ? 410 : 204).end();
    const isRefused = JSON.parse(body).type === refused;
    if (isRefused) refused = undefined;
    response.writeHead(isRefused ? 503 : 204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  wallcrawler = await startWallcrawler({ env: { WALLCRAWLER_ALLOWED_NETWORKS: '127.0.0.0/8' } });
});
webhooks.after(async () => {
  await wallcrawler.dispose();
  server.closeAllConnections();
  server.close();
});

webhooks('bring what happens in a session, signed, after a failure too, and again when asked', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const made = await call<{ id: string; secret: string }>('POST', '/v1/webhooks', {
    endpoint: url,
    eventTypes: ['session.created', 'session.ended'],
  });
  assert.is(made.status, 201, JSON.stringify(made.body));
  const { id, secret } = made.body;
  const path = `/v1/webhooks/${id}`;

  refused = 'session.created';
  const client = wallcrawler.client();
  const session = await client.sessions.create();
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  // The first is refused, and comes again after five seconds.
  await until('both events and the second try', async () => received.length >= 3, 30_000);
  const events = received.map((each) => verified(each, secret));
  assert.equal(new Set(events.map(({ sessionId }) => sessionId)), new Set([session.id]));
  const types = events.map(({ type }) => type);
  assert.equal(types.toSorted(), ['session.created', 'session.created', 'session.ended']);
  const [first, again] = received.filter((_, index) => types[index] === 'session.created');
  assert.equal([again?.headers['webhook-id'], again?.body], [first?.headers['webhook-id'], first?.body]);
  assert.throws(() => verified(first ?? { headers: {}, body: '' }, `whsec_${btoa('another secret')}`));

  const deliveries = await until('both are delivered', async () => {
    const { body } = await call<Delivery[]>('GET', `${path}/deliveries`);
    return body.every(({ status }) => status === 'delivered') && body;
  });
  assert.equal(
    deliveries.map(({ eventType, tries }) => [eventType, tries.map(({ status }) => status)]),
    [
      ['session.ended', [204]],
      ['session.created', [503, 204]],
    ],
  );
  assert.equal((await call('GET', `${path}/deliveries?status=failed`)).body, []);

  const rotated = await call<{ secret: string }>('POST', `${path}/secret`, {});
  const redelivered = await call('POST', `${path}/deliveries/${deliveries[0]?.id}/redeliver`);
  assert.is(redelivered.status, 202, JSON.stringify(redelivered.body));
  const last = await until('it comes once more', async () => received[3]);
  for (const valid of [secret, rotated.body.secret]) assert.is(verified(last, valid).type, 'session.ended');

  for (const { body } of [await call('GET', '/v1/webhooks'), await call('GET', path)])
    assert.not.match(JSON.stringify(body), 'whsec_');
  assert.is((await call('DELETE', path)).status, 204);
  assert.is((await call('GET', `${path}/deliveries`)).status, 404);
});

interface View {
  readonly id: string;
  readonly enabled: boolean;
  readonly failingSince: string | null;
  readonly disabledReason: string | null;
}

webhooks('are disabled when their receiver says that it is gone, until somebody enables them', async () => {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/gone`;
  const eventTypes = ['session.created'];
  const { body: made } = await call<View>('POST', '/v1/webhooks', { endpoint, eventTypes });
  assert.equal([made.enabled, made.failingSince, made.disabledReason], [true, null, null]);
  const path = `/v1/webhooks/${made.id}`;
  const look = async () => (await call<View>('GET', path)).body;
  const client = wallcrawler.client();
  const { id } = await client.sessions.create();
  await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
  await until('it is disabled', async () => !(await look()).enabled, 30_000);
  assert.is((await look()).disabledReason, 'gone');
  const [delivery] = await until('its delivery is given up', async () => {
    const { body } = await call<Delivery[]>('GET', `${path}/deliveries?status=failed`);
    return body.length > 0 && body;
  });
  assert.equal(
    delivery?.tries.map(({ status }) => status),
    [410],
  );
  assert.is((await call('POST', `${path}/deliveries/${delivery?.id}/redeliver`)).status, 409);

  isGone = false;
  const { body: enabled } = await call<View>('PATCH', path, { enabled: true });
  assert.equal([enabled.enabled, enabled.disabledReason], [true, null]);
  await call('POST', `${path}/deliveries/${delivery?.id}/redeliver`);
  await until('what had failed arrives', async () => {
    const { body } = await call<Delivery[]>('GET', `${path}/deliveries`);
    return body[0]?.status === 'delivered';
  });
  await call('DELETE', path);
});

webhooks('are those of the SDK', async () => {
  const client = wallcrawler.client();
  // Its types know the events of functions alone.
  const eventTypes = ['session.ended'] as never[];
  const made = await client.webhooks.create({ endpoint: 'https://a.example/', eventTypes });
  assert.match(made.secret, /^whsec_/);
  const { data, nextCursor } = await client.webhooks.list({ limit: 1 });
  assert.equal([data.map(({ id }) => id), nextCursor], [[made.id], null]);
  const { secret, ...view } = made;
  assert.equal(await client.webhooks.retrieve(made.id), view);
  const updated = await client.webhooks.update(made.id, { endpoint: 'https://b.example/' });
  assert.equal([updated.endpoint, updated.eventTypes], ['https://b.example/', eventTypes]);
  const rotated = await client.webhooks.rotateSecret(made.id, { revokeImmediately: true });
  assert.match(rotated.secret, /^whsec_/);
  assert.is.not(rotated.secret, secret);
  await client.webhooks.delete(made.id);
  assert.equal((await client.webhooks.list()).data, []);
});

webhooks('may name events of functions, which never happen here, and the answer says so', async () => {
  const client = wallcrawler.client();
  const endpoint = 'https://a.example/';
  const { data: made, response } = await client.webhooks
    .create({ endpoint, eventTypes: ['functions.builds.failed'] })
    .withResponse();
  assert.equal(
    [made.eventTypes, response.headers.get('x-wallcrawler-ignored')],
    [['functions.builds.failed'], 'eventTypes'],
  );
  const ours = ['session.ended'] as never[];
  const changed = await client.webhooks.update(made.id, { eventTypes: ours }).withResponse();
  assert.equal(
    [changed.data.eventTypes, changed.response.headers.get('x-wallcrawler-ignored')],
    [ours, null],
  );
  await client.webhooks.delete(made.id);
});

webhooks('are refused where nothing may be sent to, by the field', async () => {
  for (const [body, message] of [
    [{ endpoint: 'https://10.0.0.1/' }, /^body\/endpoint must be on the public network/],
    [{ endpoint: 'https://u:p@a.example/' }, /^body\/endpoint is refused: The URL has credentials/],
    [{}, /^body must have required property 'endpoint'/],
    [{ endpoint: 'https://a.example/', eventTypes: ['session.gone'] }, /^body\/eventTypes\/0 must be/],
    [{ endpoint: 'https://a.example/', secret: 'whsec_x' }, /^body must (?!.*whsec)/],
  ] as const) {
    const answer = await call<{ message: string }>('POST', '/v1/webhooks', body);
    assert.is(answer.status, 400, JSON.stringify(body));
    assert.match(answer.body.message, message);
  }
});

webhooks.run();
