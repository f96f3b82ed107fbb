import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readProxies } from '../domain/proxies.ts';
import { rotateKeySet } from './key-set.ts';
import { openProxies, sealProxies } from './seal-proxies.ts';

const keySet = rotateKeySet(undefined, new Date('2026-06-01T00:00:00Z'));
const session = { sessionId: 's1', tokenKeyId: keySet.current };
const routes = readProxies([
  { type: 'external', server: 'http://proxy.example', username: 'user', password: 'hunter2' },
]);

const sealing = suite('the proxies of a session at rest');

sealing('are read again with the key of the session, also when that has been replaced', async () => {
  const sealed = await sealProxies(routes, keySet, session);
  assert.not.match(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').toString('latin1'), 'hunter2');
  const rotated = rotateKeySet(keySet, new Date('2026-06-01T01:00:00Z'));
  assert.equal(await openProxies(sealed, rotated, session), routes);
});

sealing('are those of this session alone', async () => {
  const sealed = await sealProxies(routes, keySet, session);
  for (const [keys, other] of [
    [keySet, { ...session, sessionId: 's2' }],
    [rotateKeySet(undefined, new Date()), session],
    [keySet, { ...session, tokenKeyId: 'constructor' }],
  ] as const) {
    const failed = await openProxies(sealed, keys, other).catch((error: Error) => error);
    assert.instance(failed, Error);
  }
});

sealing('are sealed anew each time', async () => {
  assert.is.not(await sealProxies(routes, keySet, session), await sealProxies(routes, keySet, session));
});

sealing.run();
