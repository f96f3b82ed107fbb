import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CONNECT_PATH, connectDetailsOf, connectEndpointOf } from '../core/domain/connect-url.ts';
import { readTarget } from './read-target.ts';

const targets = suite('readTarget');

targets('takes the token and gives the path as the session knows it', () => {
  for (const [target, audience, path] of [
    ['/connect?signingKey=T', 'cdp', '/?signingKey=T'],
    ['/connect/?signingKey=T', 'cdp', '/?signingKey=T'],
    ['/connect/devtools/page/A?signingKey=T&x=1', 'cdp', '/devtools/page/A?signingKey=T&x=1'],
    ['/connect/live/T/devtools/inspector.html?ws=h', 'live', '/live/T/devtools/inspector.html?ws=h'],
    ['/connect/live/T', 'live', '/live/T'],
  ] as const) {
    assert.equal(readTarget(target), { audience, token: 'T', path }, target);
  }
});

targets('is where the functions say that it is', () => {
  const endpoint = connectEndpointOf({ host: '10.0.0.1', port: 9223 }, `wss://host${CONNECT_PATH}`);
  const { pathname, search } = new URL(connectDetailsOf(endpoint, 'T').connectUrl);
  assert.equal(readTarget(`${pathname}${search}`), { audience: 'cdp', token: 'T', path: '/?signingKey=T' });
  const live = new URL(`${endpoint.webSocketOrigin}/live/T/devtools/page/A`);
  assert.is(readTarget(live.pathname)?.path, '/live/T/devtools/page/A');
});

targets('passes on what it has understood, and not what was written', () => {
  assert.is(readTarget('/connect/x/../live/T/a?')?.path, '/live/T/a');
  assert.is(readTarget('/connect/x/%2e%2e/live/T/a')?.audience, 'live');
  assert.is(readTarget('/connect\\live\\T\\a')?.path, '/live/T/a');
});

targets('serves nothing outside of its path', () => {
  for (const target of [
    '',
    '*',
    '/',
    '/connected',
    '/live/T/a',
    '/connect/../live/T',
    'http://x/connect',
    '//x/y',
  ]) {
    assert.is(readTarget(target), null, target);
  }
});

targets('without a token there is an empty one', () => {
  assert.is(readTarget('/connect')?.token, '');
  assert.is(readTarget('/connect/live/a%20b/c')?.audience, 'cdp', 'no token has a space');
});

targets.run();
