/**
 * Threat: a project's receiver is hostile, or is no receiver but a way into our network. The machine's own port and its
 * AWS endpoint are on 127.0.0.1, which no webhook may reach; only 127.0.0.2 is allowed, where the hostile ones listen.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Webhook as Verifier } from 'standardwebhooks';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runAdmin } from '../e2e/support/admin.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

interface Delivery {
  readonly id: string;
  readonly status: string;
  readonly tries: readonly { readonly status: number | null; readonly error: string | null }[];
}
interface View {
  readonly id: string;
  readonly secret: string;
}

interface Message {
  readonly headers: Record<string, string>;
  readonly body: string;
}

const HIDDEN = 'hidden-in-the-url';
const ALLOWED_HOST = '127.0.0.2';

let wallcrawler: Wallcrawler;
let receiver: Server;
let victim: Server;
/** What reached the one that nothing may reach. */
let victimCalls = 0;
/** By path. */
const seen = new Map<string, Message[]>();

const portOf = (server: Server) => (server.address() as AddressInfo).port;

/** What each hostile receiver does, by its path. */
const HOSTILE: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/redirects': (response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${portOf(victim)}/` }).end(),
  '/large': (response) => response.writeHead(200).end(Buffer.alloc(5_000_000)),
  '/resets': (response) => response.socket?.resetAndDestroy(),
  '/lies': (response) =>
    response.writeHead(200, { 'content-length': 1_000 }).write('x', () => response.destroy()),
  '/headers': (response) => response.writeHead(200, { x: 'y'.repeat(40_000) }).end(),
  '/status': (response) => response.socket?.end('HTTP/1.1 999 Whatever\r\ncontent-length: 0\r\n\r\n'),
  '/no-http': (response) => response.socket?.end('220 mail.example ESMTP\r\n'),
};
/** What our log of deliveries says of each. */
const OUTCOMES: Readonly<Record<string, number | string>> = {
  '/redirects': 307,
  '/large': 200,
  '/resets': 'unreachable',
  '/lies': 'bad-answer',
  '/headers': 'too-large',
  '/status': 999,
  '/no-http': 'bad-answer',
};

const webhooks = suite('receivers of webhooks');

webhooks.before(async () => {
  victim = createServer((_, response) => {
    victimCalls++;
    response.end();
  }).listen(0, '127.0.0.1');
  receiver = createServer(async (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const message = { headers: request.headers as Record<string, string>, body: await text(request) };
    seen.set(path, [...(seen.get(path) ?? []), message]);
    (HOSTILE[path] ?? ((ok) => ok.writeHead(204).end()))(response);
  }).listen(0, ALLOWED_HOST);
  await Promise.all([once(victim, 'listening'), once(receiver, 'listening')]);
  wallcrawler = await startWallcrawler({ env: { WALLCRAWLER_ALLOWED_NETWORKS: `${ALLOWED_HOST}/32` } });
});
webhooks.after(async () => {
  await wallcrawler.dispose();
  for (const server of [victim, receiver]) {
    server.closeAllConnections();
    server.close();
  }
});

async function call<T>(method: string, path: string, body?: object, apiKey?: string) {
  const answer = await wallcrawler.call(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  const answered = await answer.text();
  const parsed = answered === '' ? undefined : JSON.parse(answered);
  return { status: answer.status, text: answered, body: parsed as T };
}

const urlOf = (path: string) => `http://${ALLOWED_HOST}:${portOf(receiver)}${path}?token=${HIDDEN}`;

async function webhookAt(endpoint: string): Promise<View> {
  const made = await call<View>('POST', '/v1/webhooks', { endpoint, eventTypes: ['session.created'] });
  assert.is(made.status, 201, made.text);
  return made.body;
}

/** A session makes one event for each webhook that is there. */
async function makeAnEvent(): Promise<void> {
  const client = wallcrawler.client();
  const { id } = await client.sessions.create();
  await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
}

const firstTry = (id: string) =>
  until(
    'it is tried',
    async () => (await call<Delivery[]>('GET', `/v1/webhooks/${id}/deliveries`)).body[0]?.tries[0],
    30_000,
  );

webhooks('are what they are, each by its name, and none leads into this machine', async () => {
  const paths = Object.keys(HOSTILE);
  const made = await Promise.all(paths.map((path) => webhookAt(urlOf(path))));
  // Names are looked up at each try: these lead where nothing may be sent.
  const rebound = await webhookAt(`https://localhost:${portOf(victim)}/`);
  await makeAnEvent();
  const outcomes = await Promise.all(made.map(async ({ id }) => firstTry(id)));
  assert.equal(
    Object.fromEntries(paths.map((path, index) => [path, outcomes[index]?.error ?? outcomes[index]?.status])),
    OUTCOMES,
  );
  assert.is((await firstTry(rebound.id)).error, 'refused-address');
  assert.is(victimCalls, 0);
  for (const { id } of [...made, rebound]) await call('DELETE', `/v1/webhooks/${id}`);
});

webhooks(
  'are no address of this network in any spelling, when they are made and when they change',
  async () => {
    const port = portOf(victim);
    const { id } = await webhookAt(urlOf('/good'));
    const spellings = [
      `127.0.0.1:${port}`,
      `127.1:${port}`,
      `2130706433:${port}`,
      `0x7f000001:${port}`,
      `0177.0.0.1:${port}`,
      `0:${port}`,
      `[::1]:${port}`,
      `[::ffff:127.0.0.1]:${port}`,
      `[::ffff:7f00:1]:${port}`,
      `[64:ff9b::7f00:1]:${port}`,
      '10.0.0.1',
      '172.16.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '169.254.169.254',
      '169.254.170.2',
      '[fd00:ec2::254]',
      '[fe80::1]',
      '0.0.0.0',
      '255.255.255.255',
      '224.0.0.1',
      '１２７.0.0.1',
      '127。0。0。1',
      'user:pass@a.example',
      'a.example:22',
      'a.example:25',
    ];
    for (const host of spellings) {
      for (const scheme of ['https', 'http']) {
        const endpoint = `${scheme}://${host}/latest/meta-data/`;
        const made = await call<{ message: string }>('POST', '/v1/webhooks', { endpoint });
        assert.is(made.status, 400, `${endpoint}: ${made.text}`);
        assert.match(made.body.message, /^body\/endpoint /);
        assert.is((await call('PATCH', `/v1/webhooks/${id}`, { endpoint })).status, 400, endpoint);
      }
    }
    for (const endpoint of [
      'file:///etc/passwd',
      'gopher://a.example/',
      'https://',
      'javascript:1',
      ' ',
      '\u0000',
    ])
      assert.is((await call('POST', '/v1/webhooks', { endpoint })).status, 400, endpoint);
    assert.is(victimCalls, 0);
    await call('DELETE', `/v1/webhooks/${id}`);
  },
);

webhooks('of another project, and their deliveries, are the same 404 as those that never were', async () => {
  await runAdmin(wallcrawler.dataDir, 'projects', 'create', '--name', 'other', '--id', 'other');
  const { output } = await runAdmin(wallcrawler.dataDir, 'keys', 'create', '--project', 'other');
  const theirKey = output.trim().split('\n').at(-1) ?? '';
  const mine = await webhookAt(urlOf('/tenant'));
  await makeAnEvent();
  await until('it has a delivery', async () => (await firstTry(mine.id)) !== undefined);
  const [delivery] = (await call<Delivery[]>('GET', `/v1/webhooks/${mine.id}/deliveries`)).body;
  const theirs = await call<View>('POST', '/v1/webhooks', { endpoint: urlOf('/theirs') }, theirKey);
  const never = '00000000-0000-4000-8000-000000000000';
  for (const [method, rest, body] of [
    ['GET', '', undefined],
    ['PATCH', '', { enabled: false }],
    ['PATCH', '', {}],
    ['DELETE', '', undefined],
    ['POST', '/secret', { revokeImmediately: true }],
    ['GET', '/deliveries', undefined],
    ['POST', `/deliveries/${delivery?.id}/redeliver`, undefined],
  ] as const) {
    const [guessed, made] = [
      await call(method, `/v1/webhooks/${mine.id}${rest}`, body, theirKey),
      await call(method, `/v1/webhooks/${never}${rest}`, body, theirKey),
    ];
    assert.equal([guessed.status, made.status], [404, 404], `${method} ${rest}`);
    assert.is(guessed.text.replaceAll(mine.id, never), made.text);
  }
  // A delivery belongs to its webhook, and not to whoever knows its id.
  const stolen = `/v1/webhooks/${theirs.body.id}/deliveries/${delivery?.id}/redeliver`;
  assert.is((await call('POST', stolen, undefined, theirKey)).status, 404);
  assert.equal(
    (await call<{ data: unknown[] }>('GET', '/v1/webhooks', undefined, theirKey)).body.data.length,
    1,
  );
  const own = await call<{ enabled: boolean }>('GET', `/v1/webhooks/${mine.id}`);
  assert.is(own.body.enabled, true);
  await call('DELETE', `/v1/webhooks/${theirs.body.id}`, undefined, theirKey);
  await call('DELETE', `/v1/webhooks/${mine.id}`);
});

webhooks(
  'get what is signed with a secret that was answered, also after rotations at the same moment',
  async () => {
    const { id, secret } = await webhookAt(urlOf('/rotated'));
    const rotate = (revokeImmediately: boolean) =>
      call<{ secret: string }>('POST', `/v1/webhooks/${id}/secret`, { revokeImmediately });
    const rotations = await Promise.all(Array.from({ length: 6 }, () => rotate(false)));
    assert.ok(rotations.every(({ status }) => status === 200 || status === 409));
    const answered = rotations.filter(({ status }) => status === 200).map(({ body }) => body.secret);
    assert.ok(answered.length > 0);
    assert.is(new Set([secret, ...answered]).size, answered.length + 1, 'each is another one');
    await makeAnEvent();
    await firstTry(id);
    const signatures = signaturesOf(seen.get('/rotated')?.at(-1));
    assert.ok(signatures.length >= 2 && signatures.length <= 4, `${signatures.length}`);

    const last = await rotate(true);
    await until('the old ones are gone', async () => {
      await makeAnEvent();
      return signaturesOf(seen.get('/rotated')?.at(-1)).length === 1;
    });
    assert.match(last.body.secret, /^whsec_/);
    await call('DELETE', `/v1/webhooks/${id}`);
  },
);

webhooks('can tell a message that was changed, or is sent again later, from one of ours', async () => {
  const { id, secret } = await webhookAt(urlOf('/replayed'));
  await makeAnEvent();
  await firstTry(id);
  const message = seen.get('/replayed')?.at(-1);
  const { headers, body } = message ?? (assert.unreachable('it came') as never);
  const verifier = new Verifier(secret);
  verifier.verify(body, headers);
  const later = String(Number(headers['webhook-timestamp']) + 1);
  const forgeries = [
    [body, { ...headers, 'webhook-timestamp': later }],
    [body, { ...headers, 'webhook-id': '00000000-0000-7000-8000-000000000000' }],
    [body.replace('session.created', 'session.ended'), headers],
  ] as const;
  for (const [forged, of] of forgeries) assert.throws(() => verifier.verify(forged, of), /signature/i);
  await call('DELETE', `/v1/webhooks/${id}`);
});

webhooks('leave neither a secret nor what is in their URL in any log of the machine', async () => {
  const made = await webhookAt(urlOf('/logged'));
  await makeAnEvent();
  await firstTry(made.id);
  const [list, one] = [await call('GET', '/v1/webhooks'), await call('GET', `/v1/webhooks/${made.id}`)];
  for (const { text } of [list, one, await call('GET', `/v1/webhooks/${made.id}/deliveries`)])
    assert.not.match(text, 'whsec_');
  const logs = filesBelow(join(wallcrawler.dataDir, 'logs'));
  assert.ok(logs.length > 0);
  const written = `${logs.map((file) => readFileSync(file, 'utf8')).join('\n')}${wallcrawler.output()}`;
  assert.match(written, made.id, 'its deliveries are logged');
  for (const secret of ['whsec_', HIDDEN, made.secret.slice(6, 30)])
    assert.not.ok(written.includes(secret), secret);
});

const signaturesOf = (message: Message | undefined): string[] =>
  (message?.headers['webhook-signature'] ?? '').split(' ');

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());

webhooks.run();
