import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CONNECT_PATH, connectDetailsOf, connectEndpointOf } from './connect-url.ts';

const KEY = 'a.b-c_d.e';

const urls = suite('the URL to connect to');

for (const [host, publicOrigin, connectUrl, seleniumRemoteUrl] of [
  ['10.0.0.5', undefined, `ws://10.0.0.5:9223/?signingKey=${KEY}`, 'http://10.0.0.5:9223/webdriver'],
  ['::1', undefined, `ws://[::1]:9223/?signingKey=${KEY}`, 'http://[::1]:9223/webdriver'],
  [
    '2001:db8::1',
    undefined,
    `ws://[2001:db8::1]:9223/?signingKey=${KEY}`,
    'http://[2001:db8::1]:9223/webdriver',
  ],
  ['a.example', undefined, `ws://a.example:9223/?signingKey=${KEY}`, 'http://a.example:9223/webdriver'],
  ['10.0.0.5', 'wss://b.example', `wss://b.example/?signingKey=${KEY}`, 'https://b.example/webdriver'],
  [
    '10.0.0.5',
    'ws://b.example:8080',
    `ws://b.example:8080/?signingKey=${KEY}`,
    'http://b.example:8080/webdriver',
  ],
  [
    '10.0.0.5',
    'wss://b.example/connect',
    `wss://b.example/connect?signingKey=${KEY}`,
    'https://b.example/connect/webdriver',
  ],
  [
    '10.0.0.5',
    'wss://b.example/a/connect',
    `wss://b.example/a/connect?signingKey=${KEY}`,
    'https://b.example/a/connect/webdriver',
  ],
  [
    '10.0.0.5',
    'wss://ws.example/ws',
    `wss://ws.example/ws?signingKey=${KEY}`,
    'https://ws.example/ws/webdriver',
  ],
] as const) {
  urls(`is ${connectUrl.replace(KEY, '...')}`, () => {
    const endpoint = connectEndpointOf({ host, port: 9223 }, publicOrigin);
    const details = connectDetailsOf(endpoint, KEY);
    assert.equal(details, { connectUrl, seleniumRemoteUrl, signingKey: KEY });
    assert.is(new URL(connectUrl).searchParams.get('signingKey'), KEY);
    assert.is(
      new URL(seleniumRemoteUrl).protocol === 'https:',
      connectUrl.startsWith('wss:'),
      'or both in the clear',
    );
  });
}

urls('stands below one path where a router leads', () => {
  assert.match(CONNECT_PATH, /^\/[a-z]+$/);
});

urls.run();
