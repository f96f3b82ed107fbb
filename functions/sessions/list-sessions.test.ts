import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SessionFilter } from '../../core/aws/sessions/list-sessions.ts';
import { PUBLIC_STATUSES, type Session, statusesSeenAs } from '../../core/domain/session.ts';
import { type SessionPosition, toCursor } from '../../core/domain/session-position.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { type ListSessionsQuery, listSessions } from './list-sessions.ts';

const now = () => new Date('2026-06-01T12:00:00.000Z');

/** Lists for `query`; `stored` passes the filter as the table would let it pass. */
async function list(query: ListSessionsQuery, stored: readonly Session[] = [], next?: SessionPosition) {
  const asked: { readonly projectId: string; readonly filter: SessionFilter }[] = [];
  const use = listSessions({
    listProjectSessions: async (projectId, filter) => {
      asked.push({ projectId, filter });
      const sessions = stored.filter((session) => filter.matches?.(session) ?? true);
      return next === undefined ? { sessions } : { sessions, next };
    },
    now,
  });
  const { status, body, headers } = await use(newRequest({ query }));
  return { status, headers, ids: (body as { id: string }[]).map(({ id }) => id), body, asked };
}

const withMetadata = (sessionId: string, metadata: unknown) =>
  newSession({ sessionId, userMetadata: JSON.stringify(metadata) });

const listing = suite('listSessions');

listing('answers a bare array, in the order of the table', async () => {
  const { status, ids, body } = await list({}, [
    newSession({ sessionId: 'b' }),
    newSession({ sessionId: 'a' }),
  ]);
  assert.is(status, 200);
  assert.ok(Array.isArray(body));
  assert.equal(ids, ['b', 'a']);
  assert.equal((await list({})).body, []);
});

listing('asks for the project of the request and for no other that the key opens', async () => {
  const { asked } = await list({});
  assert.equal(
    asked.map(({ projectId }) => projectId),
    ['p1'],
  );
});

listing('is bounded, so that the answer fits a Lambda', async () => {
  const { asked } = await list({ q: "user_metadata['a']:'b'" });
  assert.is(asked[0]?.filter.limit, 1_000);
});

for (const status of PUBLIC_STATUSES) {
  listing(`of ${status} asks for every status that is seen as it`, async () => {
    const { asked } = await list({ status });
    assert.equal(asked[0]?.filter.statuses, statusesSeenAs(status));
  });
}

listing('of sessions that live reads no history: none is older than a key that signs for it', async () => {
  const sinceOf = async (status: ListSessionsQuery['status']) =>
    (await list(status === undefined ? {} : { status })).asked[0]?.filter.since?.toISOString();
  for (const status of ['PENDING', 'RUNNING'] as const)
    assert.is(await sinceOf(status), '2026-06-01T05:00:00.000Z');
  for (const status of [undefined, 'COMPLETED', 'ERROR', 'TIMED_OUT'] as const)
    assert.is(await sinceOf(status), undefined);
});

listing('without a status or a query filters nothing', async () => {
  const { asked } = await list({});
  assert.equal(Object.keys(asked[0]?.filter ?? {}), ['limit']);
});

const POSITION = {
  createdAt: '2026-05-31T12:00:00.000Z',
  sessionId: '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11',
};

listing('names the next page, with all that was asked for', async () => {
  const query = { status: 'COMPLETED', q: "user_metadata['a b']:'&'", limit: 20 } as const;
  const { headers } = await list(query, [], POSITION);
  const [, path = '', rel] = /^<(.+)>; (.+)$/.exec(headers?.link ?? '') ?? [];
  assert.is(rel, 'rel="next"');
  const url = new URL(path, 'https://browsers.example');
  assert.is(url.pathname, '/v1/sessions');
  assert.equal(Object.fromEntries(url.searchParams), { ...query, limit: '20', cursor: toCursor(POSITION) });
});

listing('names none where there is no more', async () => {
  assert.is((await list({}, [newSession({})])).headers, undefined);
});

listing('goes on where a page has ended', async () => {
  const { asked } = await list({ cursor: toCursor(POSITION), limit: 7 });
  assert.equal(asked[0]?.filter, { limit: 7, after: POSITION });
});

listing('is 400 for a cursor that it has not given', async () => {
  const use = listSessions({ listProjectSessions: async () => ({ sessions: [] }), now });
  const { status, message } = await appErrorOf(use(newRequest({ query: { cursor: 'x' } })));
  assert.equal([status, message], [400, 'querystring/cursor must be one that this list has given']);
});

listing('finds by metadata, at any depth, and passes over sessions that have none', async () => {
  const stored = [
    withMetadata('a', { env: 'staging' }),
    withMetadata('b', { env: 'production' }),
    newSession({ sessionId: 'c' }),
    withMetadata('d', { order: { id: '7' } }),
    withMetadata('e', { env: { staging: true } }),
  ];
  assert.equal((await list({ q: "user_metadata['env']:'staging'" }, stored)).ids, ['a']);
  assert.equal((await list({ q: "user_metadata['order']['id']:'7'" }, stored)).ids, ['d']);
  assert.equal((await list({ q: "user_metadata['none']:''" }, stored)).ids, []);
});

listing('finds metadata under names that objects have of themselves only where they were sent', async () => {
  const sent = newSession({ sessionId: 'sent', userMetadata: '{"__proto__":{"a":"b"},"constructor":"c"}' });
  const plain = withMetadata('plain', {});
  const of = async (q: string) => (await list({ q }, [sent, plain])).ids;
  assert.equal(await of("user_metadata['__proto__']['a']:'b'"), ['sent']);
  assert.equal(await of("user_metadata['constructor']:'c'"), ['sent']);
  assert.equal(await of("user_metadata['constructor']['name']:'Object'"), []);
});

for (const [q, says] of [
  ['', 'needs user_metadata at character 1'],
  ['status:RUNNING', 'needs user_metadata at character 1'],
  ["user_metadata['a']:'b' OR 1=1", 'has more text than one condition from character 23'],
  ["user_metadata['a']:'b", 'needs a quoted text at character 20'],
] as const) {
  listing(`is 400 for the query ${JSON.stringify(q)}, and says where; the table is not read`, async () => {
    const use = listSessions({
      listProjectSessions: async () => assert.unreachable('it was read') as never,
      now,
    });
    const { status, message } = await appErrorOf(use(newRequest({ query: { q } })));
    assert.is(status, 400);
    assert.is(message, `querystring/q ${says}; the form is user_metadata['key']:'value'`);
  });
}

listing('holds no way into any of them', async () => {
  const address = { host: '10.0.0.5', port: 9223 };
  const { body } = await list({}, [newSession({ status: 'READY', address, taskArn: 'arn:task' })]);
  assert.not.match(JSON.stringify(body), /connectUrl|signingKey|10\.0\.0\.5|arn:task/);
});

listing('fails as the table does', async () => {
  const fault = new Error('throttled');
  const use = listSessions({
    listProjectSessions: async () => {
      throw fault;
    },
    now,
  });
  assert.is(await use(newRequest<Record<string, never>, ListSessionsQuery>()).catch((error) => error), fault);
});

listing.run();
