import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SESSION_STATUSES, type Session, toPublicStatus } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { publicKeysOf } from '../../core/tokens/tokens.ts';
import { verifyToken } from '../../core/tokens/verify-token.ts';
import { type RetrieveSessionDeps, retrieveSession } from './retrieve-session.ts';

const ID = '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11';
const NOW = new Date('2026-06-01T00:00:00Z');
const keySet = rotateKeySet(undefined, NOW);

const stored = (changes: Partial<Session> = {}): Session =>
  newSession({
    sessionId: ID,
    status: 'READY',
    address: { host: '10.0.0.5', port: 9223 },
    taskArn: 'arn:task',
    tokenKeyId: keySet.current,
    ...changes,
  });

const retrieve = (session: Session | undefined, changes: Partial<RetrieveSessionDeps> = {}) =>
  retrieveSession({
    getSession: async () => session,
    loadTokenKeys: async () => keySet,
    publicConnectOrigin: undefined,
    ...changes,
  })(newRequest({ pathId: ID }));

const bodyOf = async (session: Session, changes: Partial<RetrieveSessionDeps> = {}) =>
  (await retrieve(session, changes)).body as Record<string, unknown>;

const retrieving = suite('retrieveSession');

for (const status of SESSION_STATUSES) {
  const isOpen = status === 'READY' || status === 'ACTIVE';
  retrieving(
    `shows ${status} as ${toPublicStatus(status)}, ${isOpen ? 'with' : 'without'} a way in`,
    async () => {
      const body = await bodyOf(stored({ status }));
      assert.is(body.status, toPublicStatus(status));
      const ways = ['connectUrl', 'seleniumRemoteUrl', 'signingKey'].filter((name) => name in body);
      assert.is(ways.length, isOpen ? 3 : 0);
    },
  );
}

retrieving('signs a token that opens this session, as a CDP client, until its deadline', async () => {
  const { signingKey, connectUrl } = await bodyOf(stored());
  assert.is(connectUrl, `ws://10.0.0.5:9223/?signingKey=${signingKey}`);
  const wanted = { audience: 'cdp', sessionId: ID, now: NOW } as const;
  const claims = verifyToken(publicKeysOf(keySet), String(signingKey), wanted);
  assert.is(claims.projectId, 'p1');
  assert.is(claims.expiresAt.toISOString(), '2026-06-01T00:10:00.000Z');
  assert.is(claims.pageId, undefined);
});

retrieving('signs with the key that the session began with, after a rotation too', async () => {
  const rotated = rotateKeySet(keySet, NOW);
  const { signingKey } = await bodyOf(stored(), { loadTokenKeys: async () => rotated });
  const onlyTheFirst = publicKeysOf(keySet);
  assert.ok(verifyToken(onlyTheFirst, String(signingKey), { audience: 'cdp', sessionId: ID, now: NOW }));
});

retrieving('leads through the router where there is one, and never names the container then', async () => {
  const body = await bodyOf(stored(), { publicConnectOrigin: 'wss://browsers.example/connect' });
  assert.match(String(body.connectUrl), /^wss:\/\/browsers\.example\/connect\?signingKey=/);
  assert.is(body.seleniumRemoteUrl, 'https://browsers.example/connect/webdriver');
  assert.not.match(JSON.stringify(body), '10.0.0.5');
});

retrieving('reads no key for a session that nobody can connect to', async () => {
  const loadTokenKeys = async () => assert.unreachable('keys were read') as never;
  for (const status of ['CREATING', 'TERMINATING', 'STOPPED'] as const) {
    assert.is((await retrieve(stored({ status }), { loadTokenKeys })).status, 200);
  }
});

retrieving('shows nothing of how the platform runs it', async () => {
  const text = JSON.stringify(await bodyOf(stored({ status: 'TERMINATING', lastHeartbeatAt: 't' })));
  for (const inner of ['arn:task', '10.0.0.5', 'shard', 'tokenKeyId', 'lastHeartbeatAt', 'timeoutSeconds']) {
    assert.not.match(text, inner);
  }
});

retrieving(
  'is 404 for a session of another project that the key opens, and for one that is not there',
  async () => {
    const loadTokenKeys = async () => assert.unreachable('keys were read') as never;
    for (const found of [undefined, stored({ projectId: 'p2' }), stored({ projectId: 'p9' })]) {
      const { code, status, message } = await appErrorOf(retrieve(found, { loadTokenKeys }));
      assert.equal([code, status], ['SESSION_NOT_FOUND', 404]);
      assert.is(message, `No session ${ID} in this project`);
    }
  },
);

retrieving(
  'fails as it is when the keys cannot be read: no answer without the way in that is there',
  async () => {
    const fault = new Error('AccessDenied');
    const loadTokenKeys = async () => {
      throw fault;
    };
    assert.is(await retrieve(stored(), { loadTokenKeys }).catch((error) => error), fault);
  },
);

retrieving.run();
