/**
 * Threat: a tenant asks for what belongs to another. Every route of the contract x own key, another project's key, an
 * unknown key and none, with ids that are guessed, deleted and never made: the same answer for all that is not theirs.
 */
import { performance } from 'node:perf_hooks';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';
import { type Belongings, formOf, type Kind, MARK, makeBelongings } from './support/belongings.ts';
import { BODIES } from './support/bodies.ts';
import { Figures, median } from './support/figures.ts';
import { fillPath, OPERATIONS, type Operation } from './support/operations.ts';
import { type Operator, operatorOf } from './support/projects.ts';

/** Of each route that takes an id so many answers are timed; `TENANT_ROUNDS=200` for figures. */
const ROUNDS = Number(process.env.TENANT_ROUNDS ?? 5);
/** On a machine that does something else too, a median of few is no better than that. */
const MAX_RATIO = 1.6;

const NEVER = '00000000-0000-4000-8000-000000000000';
const NEVER_EITHER = 'ffffffff-ffff-4fff-bfff-ffffffffffff';
/** What cannot be undone comes last. */
const ORDER = (operation: Operation): number =>
  operation.operationId === 'updateSession'
    ? 3
    : operation.method === 'DELETE'
      ? 2
      : operation.method === 'GET'
        ? 0
        : 1;

const withId = OPERATIONS.filter(
  ({ path, door, isBuilt }) => path.includes('{id}') && door === 'apiKey' && isBuilt,
);
const kindOf = ({ path }: Operation): Kind => {
  const kind = /^\/v1\/(extensions\/uploads|\w+)\/\{id\}/.exec(path)?.[1];
  if (kind === undefined)
    throw new Error(`${path}: of which kind is its {id}? support/belongings.ts makes one of each`);
  return kind as Kind;
};

let machine: Wallcrawler;
let operator: Operator;
let own: Belongings;
let theirKey: string;
const figures = new Figures();

const tenants = suite('what belongs to another tenant');

tenants.before(async () => {
  machine = await startWallcrawler({ env: { WALLCRAWLER_ALLOWED_NETWORKS: '127.0.0.2/32' } });
  operator = operatorOf(machine);
  await operator.makeProject('other');
  theirKey = await operator.makeKey('other');
  own = await makeBelongings(machine);
});

tenants.after(async () => {
  operator.close();
  await machine.dispose();
  console.log(`tenants: ${figures}`);
});

interface Ask {
  readonly id?: string;
  readonly apiKey?: string | null;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: readonly string[];
}

/** Of a route, with what its contract asks for; and its answer without what is of this moment. */
async function ask(operation: Operation, { id = '', apiKey = theirKey, accept, headers, query = '' }: Ask) {
  const path = fillPath(operation.path, { id, deliveryId: own.deliveryId, pageId: '0', secretId: NEVER });
  const isUpload = operation.operationId === 'uploadFile';
  const sent = isUpload ? await formOf('x', 'f.txt') : jsonOf(BODIES[operation.operationId]);
  const startedAt = performance.now();
  const response = await machine.call(`${path}${query}`, {
    method: operation.method,
    apiKey,
    ...(sent.body === undefined ? {} : { body: sent.body }),
    headers: { ...sent.headers, ...headers, ...(accept === undefined ? {} : { accept }) },
  });
  const text = await response.text();
  const tookMs = performance.now() - startedAt;
  figures.note(`${operation.operationId} ${response.status}`, tookMs, response.status >= 400);
  return { answer: answerOf(response, text, id), tookMs };
}

const jsonOf = (body: object | undefined) =>
  body === undefined
    ? { body: undefined, headers: {} }
    : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };

/** Headers that differ from one answer to the next, whoever asks. */
const OF_THE_MOMENT = /^(date|x-request-id|x-amzn?-|content-length|keep-alive|connection)/;
const answerOf = (response: Response, text: string, id: string): Answer => ({
  status: response.status,
  text: id === '' ? text : text.replaceAll(id, '{id}'),
  headers: [...response.headers].flatMap(([name, value]) =>
    OF_THE_MOMENT.test(name) ? [] : [`${name}: ${value}`],
  ),
});

/** Every id that is not theirs: it is there and somebody else's, it was and is deleted, it never was. */
const strangersIds = (operation: Operation): readonly string[] => {
  const kind = kindOf(operation);
  const deleted = own.deleted[kind];
  return [...own.ids[kind], ...(deleted === undefined ? [] : [deleted]), NEVER, NEVER_EITHER];
};

for (const operation of withId) {
  tenants(`is for ${operation.operationId} as what never was, whatever it is asked for as`, async () => {
    for (const accept of [undefined, ...operation.accepts]) {
      const never = await ask(operation, { id: NEVER, ...(accept === undefined ? {} : { accept }) });
      assert.is(never.answer.status, 404, never.answer.text);
      assert.match(never.answer.text, '{id}', 'it names what was asked for, and so nothing else');
      for (const id of strangersIds(operation)) {
        const { answer } = await ask(operation, { id, ...(accept === undefined ? {} : { accept }) });
        assert.equal(answer, never.answer, id);
      }
    }
  });
}

tenants('is deleted for its owner as well', async () => {
  for (const operation of withId.filter(({ method }) => method === 'GET')) {
    const deleted = own.deleted[kindOf(operation)];
    if (deleted === undefined) continue;
    const [gone, never] = [deleted, NEVER].map((id) => ask(operation, { id, apiKey: machine.apiKey }));
    assert.equal((await gone)?.answer, (await never)?.answer, operation.operationId);
    assert.is((await gone)?.answer.status, 404);
  }
});

/** Of answers to an id that is somebody's and to one that never was, in turns: what else this machine does meets both. */
async function mediansOf(operation: Operation) {
  const [id = NEVER] = own.ids[kindOf(operation)];
  const took: Record<string, number[]> = { [id]: [], [NEVER]: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const each of round % 2 === 0 ? [id, NEVER] : [NEVER, id])
      took[each]?.push((await ask(operation, { id: each })).tookMs);
  return { theirs: median(took[id] ?? []), never: median(took[NEVER] ?? []) };
}

tenants('takes as long to be refused as what never was', async () => {
  const sums = { theirs: 0, never: 0 };
  const ratios: (readonly [ratio: number, operationId: string])[] = [];
  for (const operation of withId) {
    const { theirs, never } = await mediansOf(operation);
    sums.theirs += theirs;
    sums.never += never;
    ratios.push([theirs / never, operation.operationId]);
  }
  const [furthest] = ratios.toSorted(([a], [b]) => Math.abs(Math.log(b)) - Math.abs(Math.log(a)));
  const ratio = sums.theirs / sums.never;
  console.log(
    `medians of ${ROUNDS}, all routes: theirs ${sums.theirs.toFixed(0)} ms, never made ${sums.never.toFixed(0)} ms (x ${ratio.toFixed(2)}); the furthest apart ${furthest?.[1]} (x ${furthest?.[0].toFixed(2)})`,
  );
  assert.ok(ratio < MAX_RATIO && ratio > 1 / MAX_RATIO, `x ${ratio}`);
});

tenants('is in no list of theirs, whatever they ask to have listed', async () => {
  const lists = OPERATIONS.filter(
    ({ method, path, door, isBuilt }) =>
      method === 'GET' && !path.includes('{') && door === 'apiKey' && isBuilt,
  );
  assert.ok(lists.length >= 5, `${lists.length} lists`);
  const secrets = [...Object.values(own.ids).flat(), own.deliveryId, MARK];
  const filters = ['', ...secrets, "user_metadata['mark']:'a-mark-of-the-owner'"];
  for (const operation of lists) {
    for (const name of ['', ...operation.queryNames]) {
      for (const filter of name === '' ? [''] : filters) {
        const query = name === '' ? '' : `?${name}=${encodeURIComponent(filter)}`;
        const { answer } = await ask(operation, { query });
        const told = secrets.filter((secret) => secret !== filter && !filter.includes(secret));
        assert.equal(
          told.filter((secret) => answer.text.includes(secret)),
          [],
          `${operation.path}${query}`,
        );
      }
    }
  }
});

tenants('cannot be named in what they make', async () => {
  const post = async (path: string, body: object) => {
    const response = await machine.call(path, {
      method: 'POST',
      apiKey: theirKey,
      body: JSON.stringify(body),
    });
    return answerOf(response, await response.text(), '');
  };
  const [never, ...theirs] = [NEVER, own.ids.contexts[0], own.deleted.contexts].map((id) => ({ id }));
  const named = [
    [{ browserSettings: { context: never } }, theirs.map((context) => ({ browserSettings: { context } }))],
    [{ extensionId: NEVER }, own.ids.extensions.map((extensionId) => ({ extensionId }))],
    [
      { proxySettings: { caCertificates: [NEVER] } },
      own.ids.certificates.map((id) => ({ proxySettings: { caCertificates: [id] } })),
    ],
  ] as const;
  const anonymous = (answer: Answer) => ({ ...answer, text: answer.text.replace(/[0-9a-f-]{36}/g, '{id}') });
  for (const [nobodys, somebodys] of named) {
    const never404 = anonymous(await post('/v1/sessions', nobodys));
    assert.is(never404.status, 404);
    for (const body of somebodys)
      assert.equal(anonymous(await post('/v1/sessions', body)), never404, JSON.stringify(body));
  }
  for (const path of ['/v1/sessions', '/v1/contexts', '/v1/webhooks']) {
    const body = { endpoint: 'https://a.example/' };
    const [mine, nobodys] = [
      await post(path, { ...(path.endsWith('webhooks') ? body : {}), projectId: 'local' }),
      await post(path, { ...(path.endsWith('webhooks') ? body : {}), projectId: 'nobodys' }),
    ];
    assert.is(mine.status, 403, mine.text);
    assert.equal({ ...mine, text: mine.text.replaceAll('local', 'nobodys') }, nobodys);
  }
});

tenants('is as closed as a project that never was, to a header that names it, on every route', async () => {
  const routes = OPERATIONS.filter(({ door, isMock }) => door === 'apiKey' && !isMock);
  for (const operation of routes) {
    const id = operation.isBuilt && operation.path.includes('{id}') ? own.ids[kindOf(operation)][0] : NEVER;
    const of = async (project: string) => {
      const headers = { 'x-bb-project-id': project };
      const { answer } = await ask(operation, { ...(id === undefined ? {} : { id }), headers });
      return { ...answer, text: answer.text.replaceAll(project, '{id}') };
    };
    const closed = await of('local');
    assert.is(closed.status, 403, `${operation.operationId}: ${closed.text}`);
    assert.equal(closed, await of('nobodys'), operation.operationId);
  }
});

tenants('and all else wants a key, on every route, and says nothing of what is behind', async () => {
  const revoked = await operator.makeRevokedKey('local');
  const expired = await operator.makeKey('local', '2020-01-01T00:00:00.000Z');
  const keys: readonly (string | null)[] = [null, 'wc_of-nobody', revoked, expired, `${machine.apiKey}x`];
  for (const apiKey of keys) {
    const seen = new Set<string>();
    for (const operation of OPERATIONS.filter(({ door }) => door === 'apiKey')) {
      const isOwn = operation.isBuilt && operation.path.includes('{id}');
      const ids = isOwn ? [own.ids[kindOf(operation)][0] ?? NEVER, NEVER] : [NEVER];
      for (const id of ids) {
        const { answer } = await ask(operation, { id, apiKey });
        assert.is(answer.status, 401, operation.operationId);
        seen.add(JSON.stringify(answer));
      }
    }
    assert.is(seen.size, 1, `one answer to this key, wherever: ${[...seen].join('\n')}`);
  }
});

tenants('is not for the containers of others, whose API answers all strangers alike', async () => {
  const internal = OPERATIONS.filter(({ door }) => door === 'controllerToken');
  assert.ok(internal.length >= 10);
  for (const operation of internal) {
    const seen = new Set<string>();
    for (const apiKey of [null, theirKey, machine.apiKey])
      for (const id of [...own.ids.sessions, NEVER]) {
        const headers = apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
        const { answer } = await ask(operation, { id, apiKey: null, headers });
        assert.is(answer.status, 401, `${operation.operationId}: ${answer.text}`);
        seen.add(JSON.stringify(answer));
      }
    assert.is(seen.size, 1, [...seen].join('\n'));
  }
});

tenants('is not behind a URL that was signed for something else', async () => {
  const made = await machine.call('/v1/contexts', { method: 'POST', apiKey: theirKey, body: '{}' });
  const { id, uploadUrl } = (await made.json()) as { readonly id: string; readonly uploadUrl: string };
  const [mine = ''] = own.ids.contexts;
  const url = new URL(uploadUrl);
  const changed = [
    url.href.replace(id, mine).replace('/other/', '/local/'),
    url.href.replace(id, `../local/${mine}`),
    url.href.replace(url.search, ''),
    url.href.replace('/other/', '/other/../local/'),
    url.href.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=604800'),
  ];
  for (const each of changed) {
    for (const method of ['PUT', 'GET', 'DELETE', 'HEAD']) {
      const answer = await fetch(each, { method, ...(method === 'PUT' ? { body: 'x' } : {}) });
      figures.note(`${method} of a changed URL`, 0, answer.status === 403);
      assert.is(answer.status, 403, `${method} ${each}`);
      await answer.body?.cancel();
    }
  }
  assert.is((await fetch(uploadUrl, { method: 'GET' })).status, 403, 'signed to be sent to, not to be read');
});

tenants('is all there for its owner: nothing above was refused for want of it', async () => {
  for (const operation of withId.toSorted((a, b) => ORDER(a) - ORDER(b))) {
    const answers: Answer[] = [];
    for (const id of own.ids[kindOf(operation)])
      answers.push((await ask(operation, { id, apiKey: machine.apiKey })).answer);
    assert.ok(
      answers.some(({ status }) => status < 300),
      `${operation.operationId}: ${answers.map(({ status, text }) => `${status} ${text}`).join('\n')}`,
    );
  }
});

tenants.run();
