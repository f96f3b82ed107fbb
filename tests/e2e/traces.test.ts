/** One create is one trace, from the request to what its session's end saves; and nothing in it is a secret. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectCdp } from './support/cdp.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';
import { filled } from './support/warm-pool.ts';

interface Span {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
}

type Attributes = readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];

const valuesOf = (attributes: Attributes = []): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

let collector: Server;
let wallcrawler: Wallcrawler;
const bodies: string[] = [];

/** OTLP, as JSON: each request has the spans of one process or function. */
function spans(): readonly Span[] {
  return bodies.flatMap((body) =>
    JSON.parse(body).resourceSpans.flatMap(
      ({
        resource,
        scopeSpans,
      }: {
        resource: { attributes: Attributes };
        scopeSpans: {
          spans: (Omit<Span, 'attributes'> & { attributes: Attributes; status?: { code?: number } })[];
        }[];
      }) =>
        scopeSpans.flatMap(({ spans: each }) =>
          each.map(({ attributes, parentSpanId, status, ...span }) => ({
            ...span,
            parentSpanId: parentSpanId || undefined,
            service: String(valuesOf(resource.attributes)['service.name']),
            attributes: valuesOf(attributes),
            isError: status?.code === 2,
          })),
        ),
    ),
  );
}

const named = ({ service, name }: Span): string => `${service} ${name}`;

/** Each span as `what it is <- what it is a part of`. */
function treeOf(sessionId: string): { readonly tree: readonly string[]; readonly all: readonly Span[] } {
  const create = spans().find(
    (span) =>
      named(span) === 'create-session POST /v1/sessions' && span.attributes['session.id'] === sessionId,
  );
  const all = spans().filter(({ traceId }) => traceId === create?.traceId);
  const tree = all.map((span) => {
    const parent = all.find(({ spanId }) => spanId === span.parentSpanId);
    return `${named(span)} <- ${parent === undefined ? (span.parentSpanId ?? 'nothing') : named(parent)}`;
  });
  return { tree, all };
}

const ROOT = 'create-session POST /v1/sessions';
const CONTAINER = 'controller container';
const OF_ALL = [
  `${ROOT} <- nothing`,
  `create-session admit <- ${ROOT}`,
  `${CONTAINER} <- ${ROOT}`,
  `router router.connect <- ${ROOT}`,
  `controller client <- ${CONTAINER}`,
  `update-session release <- ${ROOT}`,
  `controller container.end <- ${CONTAINER}`,
  `controller profile.persist <- controller container.end`,
  `controller browser.launch <- ${CONTAINER}`,
  `controller browser.prove <- ${CONTAINER}`,
  `controller report.ready <- ${CONTAINER}`,
  `create-session await_ready <- ${ROOT}`,
  `report-ready POST /internal/sessions/{id}/ready <- ${CONTAINER}`,
  `report-ended POST /internal/sessions/{id}/ended <- ${CONTAINER}`,
];

const t = suite('the trace of a session');

t.before(async () => {
  collector = createServer(async (request, response) => {
    assert.is(request.url, '/v1/traces');
    bodies.push(await text(request));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  wallcrawler = await startWallcrawler({
    env: { WALLCRAWLER_WARM: '1', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
  });
});
t.after(async () => {
  await wallcrawler.dispose();
  collector.closeAllConnections();
  collector.close();
});

t('is one, of all parts, each below what has caused it', async () => {
  const client = wallcrawler.client();
  const context = await client.contexts.create({});
  const params = { browserSettings: { context: { id: context.id, persist: true } } };
  // The first has no profile yet, and its browser is the one that waited; the second restores what the first has saved.
  await filled(wallcrawler);
  const keys: string[] = [wallcrawler.apiKey];
  for (const more of [
    [`create-session claim <- ${ROOT}`],
    [
      `sign-profile-url POST /internal/sessions/{id}/profile-urls <- ${CONTAINER}`,
      `controller profile.restore <- ${CONTAINER}`,
    ],
  ]) {
    const session = await client.sessions.create(params);
    keys.push(new URL(session.connectUrl).searchParams.get('signingKey') as string);
    const cdp = await connectCdp(session.connectUrl);
    await cdp.send('Storage.setCookies', {
      cookies: [
        { name: 'a', value: session.id, url: 'http://example.test/', expires: Date.now() / 1000 + 3600 },
      ],
    });
    await cdp.close();
    await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
    const wanted = [...OF_ALL, ...more];
    await until(
      'all of it has arrived',
      async () => wanted.every((each) => treeOf(session.id).tree.includes(each)) || undefined,
    ).catch((error: Error) => {
      const { tree } = treeOf(session.id);
      throw new Error(
        `${error.message}; missing: ${wanted.filter((each) => !tree.includes(each)).join(', ')}; there is ${tree.join(', ')}`,
      );
    });
    const { all } = treeOf(session.id);
    assert.is(all.filter(({ parentSpanId }) => parentSpanId === undefined).length, 1, 'one root');
    assert.equal(
      all.filter(({ isError }) => isError),
      [],
    );
    for (const { attributes, name } of all)
      if ('session.id' in attributes) assert.is(attributes['session.id'], session.id, name);
  }
  const sent = bodies.join('\n');
  assert.equal(
    keys.filter((key) => sent.includes(key)),
    [],
  );
  assert.not.match(sent, /eyJ[\w-]{8,}\.[\w-]+\.[\w-]+|X-Amz-Signature|signingKey/);
});

t.run();
