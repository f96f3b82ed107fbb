import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newSession } from '../../core/testing/new-session.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { publicKeysOf } from '../../core/tokens/tokens.ts';
import { verifyToken } from '../../core/tokens/verify-token.ts';
import { signConnectDetails } from './sign-connect-details.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const keySet = rotateKeySet(undefined, NOW);
const ready = newSession({
  status: 'READY',
  tokenKeyId: keySet.current,
  address: { host: '2001:db8::5', port: 9223 },
});

const details = suite('signConnectDetails');

details('open an IPv6 address too', () => {
  const { connectUrl, seleniumRemoteUrl, signingKey } = signConnectDetails(ready, keySet, undefined);
  assert.is(connectUrl, `ws://[2001:db8::5]:9223/?signingKey=${signingKey}`);
  assert.is(seleniumRemoteUrl, 'http://[2001:db8::5]:9223/webdriver');
  assert.is(new URL(connectUrl).searchParams.get('signingKey'), signingKey);
});

details('of two answers are both valid, each until the deadline', () => {
  for (const { signingKey } of [
    signConnectDetails(ready, keySet, undefined),
    signConnectDetails(ready, keySet, 'wss://h'),
  ]) {
    const wanted = { audience: 'cdp', sessionId: 's1', now: new Date('2026-06-01T00:09:59Z') } as const;
    assert.ok(verifyToken(publicKeysOf(keySet), signingKey, wanted));
  }
});

details('are not made up for a session without an address, nor signed with a key that is gone', () => {
  const { address: _, ...nowhere } = ready;
  assert.throws(() => signConnectDetails(nowhere, keySet, 'wss://h'), /ready without an address/);
  const foreign = { ...ready, tokenKeyId: 'gone' };
  assert.throws(() => signConnectDetails(foreign, keySet, undefined), /unknown key/);
});

details.run();
