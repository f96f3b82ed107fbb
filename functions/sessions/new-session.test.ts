import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AppError } from '../../core/domain/errors.ts';
import { MAX_USER_METADATA_CHARACTERS } from '../../core/domain/session.ts';
import { toSessionView } from '../../core/domain/session-view.ts';
import type { CreateSessionBody } from './create-session-request.ts';
import { newSession } from './new-session.ts';

const made = (body: CreateSessionBody = {}) =>
  newSession({
    sessionId: 's1',
    project: { projectId: 'p1', defaultTimeoutSeconds: 600 },
    body,
    attempt: { id: 'r1', at: new Date('2026-06-01T00:00:00.000Z'), bodyHash: 'b', isRetry: false },
    shard: '3',
    tokenKeyId: 'k',
    now: new Date('2026-06-01T00:00:00.000Z'),
    unseenConnectMs: undefined,
    recordByDefault: true,
  });

/** As the HTTP stack reads a body. */
const parsed = (userMetadata: string): CreateSessionBody => JSON.parse(`{"userMetadata":${userMetadata}}`);

/** Metadata that is `length` characters as JSON. */
const metadataOf = (length: number) => ({ a: 'x'.repeat(length - '{"a":""}'.length) });

const fresh = suite('newSession');

fresh('is recorded as it asks, whatever its installation does with those that do not', () => {
  assert.is(made({ browserSettings: { recordSession: false } }).recordSession, false);
});

fresh('of a request that asks for nothing has what the project and the contract say', () => {
  assert.equal(made(), {
    sessionId: 's1',
    projectId: 'p1',
    status: 'CREATING',
    createdAt: '2026-06-01T00:00:00.000Z',
    updatedAt: '2026-06-01T00:00:00.000Z',
    expiresAt: '2026-06-01T00:10:00.000Z',
    timeoutSeconds: 600,
    keepAlive: false,
    recordSession: true,
    region: 'us-west-2',
    attemptId: 'r1',
    attemptAt: '2026-06-01T00:00:00.000Z',
    requestId: 'r1',
    bodyHash: 'b',
    shard: '3',
    tokenKeyId: 'k',
    proxyBytes: 0,
  });
});

for (const timeout of [60, 21_600]) {
  fresh(`with a timeout of ${timeout} ends so many seconds after it was asked for`, () => {
    const { expiresAt, createdAt, timeoutSeconds } = made({ timeout });
    assert.is(Date.parse(expiresAt) - Date.parse(createdAt), timeout * 1_000);
    assert.is(timeoutSeconds, timeout);
  });
}

fresh('takes what was asked for', () => {
  const { keepAlive, region } = made({ keepAlive: true, region: 'eu-central-1' });
  assert.equal([keepAlive, region], [true, 'eu-central-1']);
  assert.is(made({ keepAlive: false }).keepAlive, false);
});

for (const [context, persistContext] of [
  [{ id: 'c' }, false],
  [{ id: 'c', persist: false }, false],
  [{ id: 'c', persist: true }, true],
] as const) {
  fresh(`of the context ${JSON.stringify(context)} ${persistContext ? 'saves' : 'does not save'} it`, () => {
    const session = made({ browserSettings: { context } });
    assert.equal([session.contextId, session.persistContext], ['c', persistContext]);
  });
}

fresh('has its extension, wherever it is named', () => {
  assert.is(made({ extensionId: 'e' }).extensionId, 'e');
  assert.is(made({ browserSettings: { extensionId: 'e' } }).extensionId, 'e');
});

fresh('stores no wish of the request but those it has a field for', () => {
  const body = {
    proxies: [{ type: 'external' as const, server: 'http://p.example', password: 'hunter2' }],
    browserSettings: { blockAds: true },
  };
  assert.not.match(JSON.stringify(made(body)), /hunter2|blockAds/);
});

fresh.run();

// ---

const metadata = suite('userMetadata');

for (const sent of [
  '{}',
  '{"a":"b","n":1.5,"t":true,"nothing":null,"list":[1,[2]]}',
  '{"constructor":"c","toString":{"valueOf":1}}',
  '{"half":"\\ud83d"}',
  '{"":"","a b":"\\u0000"}',
]) {
  metadata(`comes back as it was sent: ${sent}`, () => {
    const session = made(parsed(sent));
    assert.is(session.userMetadata, sent);
    assert.is(JSON.stringify(toSessionView(session).userMetadata), sent);
  });
}

metadata('may have as many characters as the contract says, and not one more', () => {
  assert.is(MAX_USER_METADATA_CHARACTERS, 512);
  assert.is(made({ userMetadata: metadataOf(512) }).userMetadata?.length, 512);
  assert.throws(
    () => made({ userMetadata: metadataOf(513) }),
    (error: unknown) =>
      error instanceof AppError &&
      error.status === 400 &&
      error.message === 'body/userMetadata must be at most 512 characters as JSON, and is 513',
  );
});

metadata('is counted in characters as JSON has them: an emoji is two, and a quote too', () => {
  const emojis = { a: '🙂'.repeat(252) };
  assert.is(made({ userMetadata: emojis }).userMetadata?.length, 512);
  assert.throws(() => made({ userMetadata: { a: '"'.repeat(253) } }), /and is 514/);
});

metadata('that is nested deeper than any stack is too long, and no failure of ours', () => {
  const depth = 200_000;
  const nested = parsed(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
  assert.throws(
    () => made(nested),
    (error: unknown) => error instanceof AppError && error.code === 'METADATA_TOO_LONG',
  );
});

metadata.run();
