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
    assert.equal(readTarget(target), { audience, token: 'T', path, json: null, takesFile: false }, target);
  }
});

targets('knows every way in which clients ask for Chrome’s version and pages', () => {
  for (const [target, json, path] of [
    ['/connect/json/version?signingKey=T', 'version', '/json/version?signingKey=T'],
    ['/connect/json/version/?signingKey=T', 'version', '/json/version/?signingKey=T'],
    ['/connect?signingKey=T/json/version/', 'version', '/json/version?signingKey=T'],
    ['/connect/?signingKey=T/json/version', 'version', '/json/version?signingKey=T'],
    ['/json/version?signingKey=T', 'version', '/json/version?signingKey=T'],
    ['/connect/json/list?signingKey=T', 'list', '/json/list?signingKey=T'],
    ['/connect/json?signingKey=T', 'list', '/json?signingKey=T'],
  ] as const) {
    assert.equal(readTarget(target), { audience: 'cdp', token: 'T', path, json, takesFile: false }, target);
  }
});

targets('takes a claim for what it is, with nothing below or beside it', () => {
  const claim = {
    audience: 'claim',
    token: 'a.b-c_d',
    path: '/claim/a.b-c_d',
    json: null,
    takesFile: false,
  } as const;
  assert.equal(readTarget('/connect/claim/a.b-c_d'), claim);
  assert.equal(readTarget('/connect/claim/a.b-c_d?signingKey=T'), claim, 'and takes no query along');
  for (const target of [
    '/connect/claim/',
    '/connect/claim/a/b',
    '/connect/claim',
    '/connect/live/../claim/a/',
  ])
    assert.is(readTarget(target)?.audience, 'cdp', target);
  assert.is(readTarget('/claim/a.b-c_d'), null);
});

targets('takes a file at the two paths of files, and nowhere near them', () => {
  for (const [target, audience] of [
    ['/connect/uploads/a%20b?signingKey=T', 'upload'],
    ['/connect/live/T/files/c-1/a%20b', 'live'],
  ] as const) {
    const read = readTarget(target);
    assert.equal([read?.audience, read?.token, read?.takesFile], [audience, 'T', true], target);
  }
  for (const target of [
    '/connect/live/T/files/c-1/',
    '/connect/live/T/files/c-1',
    '/connect/live/T/files/c-1/a/b',
    '/connect/live/T/files/c-1/%ff',
    '/connect/live/T/view/files/c-1/a',
  ])
    assert.is(readTarget(target)?.takesFile, false, target);
});

targets('is where the functions say that it is', () => {
  const endpoint = connectEndpointOf({ host: '10.0.0.1', port: 9223 }, `wss://host${CONNECT_PATH}`);
  const { pathname, search } = new URL(connectDetailsOf(endpoint, 'T').connectUrl);
  assert.equal(readTarget(`${pathname}${search}`), {
    audience: 'cdp',
    token: 'T',
    path: '/?signingKey=T',
    json: null,
    takesFile: false,
  });
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

targets('takes the first of two tokens, as the URL of one who was given it has it', () => {
  assert.is(readTarget('/connect?signingKey=A&signingKey=B')?.token, 'A');
  assert.is(readTarget('/connect?signingkey=A')?.token, '', 'names are not folded');
  assert.is(readTarget('/connect?signing%4Bey=A')?.token, 'A');
});

targets('takes a token of the path for what it is, whatever stands in the query', () => {
  const target = readTarget('/connect/live/L/x?signingKey=C');
  assert.equal([target?.audience, target?.token], ['live', 'L']);
  assert.is(readTarget('/connect/LIVE/L/x?signingKey=C')?.audience, 'cdp');
  assert.is(readTarget('/connect//live/L/x?signingKey=C')?.audience, 'cdp');
});

targets('never passes on an address, a fragment or a line end', () => {
  assert.is(readTarget('/connect?signingKey=T#x')?.path, '/?signingKey=T');
  assert.is(readTarget('/connect/a\r\nX-Evil: 1?signingKey=T')?.path, '/aX-Evil:%201?signingKey=T');
  assert.is(readTarget('/connect/a\tb?signingKey=T')?.path, '/ab?signingKey=T');
  assert.is(readTarget('/connect@evil.example/x'), null);
  assert.is(readTarget('/connect:99999/x'), null);
  assert.match(readTarget('/connect//evil.example/x')?.path ?? '', /^\/\/evil\.example\/x$/);
});

targets('cannot be led out of its path by dots, escaped or not', () => {
  for (const target of [
    '/connect/..',
    '/connect/../health',
    '/connect/%2e%2e/metrics',
    '/connect/a/../../metrics',
    '/connect\\..\\metrics',
    '/connect/.%2E/x',
    '/%63onnect',
    '/connect%2Flive/T',
  ]) {
    assert.is(readTarget(target), null, target);
  }
  assert.is(readTarget('/connect/a/%2e%2e%2fb')?.path, '/a/%2e%2e%2fb', 'an escaped slash is none');
});

targets('takes for a token only what a token is made of', () => {
  for (const token of ['a%2Fb', 'a%00b', 'a;b', 'a~b', 'ä']) {
    assert.is(readTarget(`/connect/live/${token}/x`)?.audience, 'cdp', token);
  }
  assert.is(readTarget('/connect/live/')?.audience, 'cdp');
  assert.is(readTarget('/connect/live/a.b-c_d/')?.token, 'a.b-c_d');
});

targets.run();
