import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { authenticateContainer } from './authenticate-container.ts';
import { authentication, containerToken, keySet, NOW } from './testing/container-request.ts';

const TOKEN = containerToken();
const [HEAD = '', BODY = '', SIGNATURE = ''] = TOKEN.split('.');
const minuteAfter = (ms: number) => () => new Date(NOW.getTime() + 60_000 + ms);
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const stranger = rotateKeySet(undefined, NOW);
const strange = signToken(
  { ...stranger, keys: { [keySet.current]: Object.values(stranger.keys)[0] as never } },
  keySet.current,
  'controller',
  { sessionId: 's1', projectId: 'p1', expiresAt: minuteAfter(0)() },
);

const note = () => undefined;

const container = suite('a container');

container('is the session that its token is bound to', async () => {
  assert.equal(await authenticateContainer(authentication, { bearerToken: TOKEN, pathId: 's1', note }), {
    sessionId: 's1',
    warmId: undefined,
  });
});

container('of the pool is the one that its token names', async () => {
  const bearerToken = containerToken('s1', 'controller', 'w01');
  assert.equal(await authenticateContainer(authentication, { bearerToken, pathId: 's1', note }), {
    sessionId: 's1',
    warmId: 'w01',
  });
});

const REFUSED: readonly (readonly [what: string, bearerToken: string | undefined])[] = [
  ['no token', undefined],
  ['an empty token', ''],
  ['the token of another session', containerToken('s2')],
  ['the token of a client', containerToken('s1', 'cdp')],
  ['the token of a container that nobody claimed', containerToken('s1', 'warm')],
  ['the token that claims one', containerToken('s1', 'claim')],
  ['the token of somebody who looks on', containerToken('s1', 'live')],
  ['a token of a key that only has the name of ours', strange],
  ['a token without its signature', `${HEAD}.${BODY}.`],
  ['a token that says it has none', `${encoded({ alg: 'none', kid: keySet.current })}.${BODY}.`],
  ['a token of a key by an odd name', `${encoded({ alg: 'ES256', kid: '__proto__' })}.${BODY}.${SIGNATURE}`],
  [
    'a token of which a letter differs',
    `${HEAD}.${BODY}.${SIGNATURE.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}`,
  ],
  ['an API key', 'wc_0123456789abcdef0123'],
  ['a token longer than any', 'x'.repeat(100_000)],
];

for (const [what, bearerToken] of REFUSED) {
  container(`is not believed with ${what}, and hears the same as any other`, async () => {
    const { status, message, cause } = await appErrorOf(
      authenticateContainer(authentication, { bearerToken, pathId: 's1', note }),
    );
    assert.equal([status, message], [401, 'The container token is missing or not valid']);
    if (bearerToken) assert.not.match(String(cause), bearerToken.slice(0, 40));
  });
}

container('is known to the last second of its token, and not after', async () => {
  const at = (now: () => Date) =>
    authenticateContainer({ ...authentication, now }, { bearerToken: TOKEN, pathId: 's1', note });
  assert.is((await at(minuteAfter(-1))).sessionId, 's1');
  assert.is((await appErrorOf(at(minuteAfter(0)))).code, 'CONTAINER_UNAUTHORIZED');
});

container('is known after a rotation, and not once its key was dropped', async () => {
  const by = (keys: typeof keySet) =>
    authenticateContainer(
      { ...authentication, loadTokenKeys: async () => keys },
      { bearerToken: TOKEN, pathId: 's1', note },
    );
  assert.is((await by(rotateKeySet(keySet, NOW))).sessionId, 's1');
  assert.is((await appErrorOf(by(stranger))).code, 'CONTAINER_UNAUTHORIZED');
});

container('is not sent away for a fault of ours: keys that cannot be read are no 401', async () => {
  const fault = new Error('AccessDenied');
  const loadTokenKeys = async () => {
    throw fault;
  };
  const call = authenticateContainer(
    { ...authentication, loadTokenKeys },
    { bearerToken: TOKEN, pathId: 's1', note },
  );
  assert.is(await call.catch((error) => error), fault);
});

container('without a token costs no read of the keys', async () => {
  const loadTokenKeys = async () => assert.unreachable('they were read') as never;
  await appErrorOf(
    authenticateContainer(
      { ...authentication, loadTokenKeys },
      { bearerToken: undefined, pathId: 's1', note },
    ),
  );
});

container('is known to be part of the create that its token names', async () => {
  const noted: object[] = [];
  const bearerToken = signToken(keySet, keySet.current, 'controller', {
    sessionId: 's1',
    projectId: 'p1',
    requestId: 'create-1',
    expiresAt: minuteAfter(0)(),
  });
  await authenticateContainer(authentication, {
    bearerToken,
    pathId: 's1',
    note: (notes) => noted.push(notes),
  });
  assert.equal(noted, [{ projectId: 'p1', requestId: 'create-1' }]);
});

container.run();
