import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isBypassed, readContextProxy } from './context-proxy.ts';

const t = suite('the proxy of a context');

for (const [server, upstream] of [
  ['direct://', null],
  ['proxy.example', { scheme: 'http', host: 'proxy.example', port: 80 }],
  ['proxy.example:3128', { scheme: 'http', host: 'proxy.example', port: 3128 }],
  ['http://proxy.example:3128/', { scheme: 'http', host: 'proxy.example', port: 3128 }],
  ['socks5://proxy.example', { scheme: 'socks5', host: 'proxy.example', port: 1080 }],
  ['socks4://proxy.example:1081', { scheme: 'socks4', host: 'proxy.example', port: 1081 }],
  ['https://proxy.example', { scheme: 'https', host: 'proxy.example', port: 443 }],
  ['http://[2001:db8::1]:80', { scheme: 'http', host: '2001:db8::1', port: 80 }],
] as const) {
  t(`is read from ${server}`, () => {
    assert.equal(readContextProxy(server, ''), {
      upstream: upstream === null ? null : { ...upstream, bypass: [] },
    });
  });
}

for (const server of [
  'quic://proxy.example',
  'http=a.example;https=b.example',
  'a.example,direct://',
  'http://a.example/path',
  'http://user:secret@a.example',
  'http://',
  'direct://x',
  ' ',
  'a'.repeat(3_000),
]) {
  t(`is not ${server.slice(0, 40)}`, () => {
    const read = readContextProxy(server, '');
    assert.ok('fault' in read);
    assert.not.match(read.fault, 'secret');
  });
}

t('is not asked for what it names', () => {
  const read = readContextProxy(
    'a.example',
    '<-loopback>, <local>; .one.example,*.two.example,Three.example',
  );
  const upstream = 'upstream' in read && read.upstream !== null ? read.upstream : assert.unreachable();
  assert.equal(upstream?.bypass, ['<local>', '.one.example', '*.two.example', 'three.example']);
  const bypassed = (host: string) => isBypassed(host, { bypass: upstream?.bypass ?? [] });
  for (const host of ['intranet', 'x.one.example', 'y.x.two.example', 'three.example'])
    assert.ok(bypassed(host), host);
  for (const host of ['one.example', 'two.example', 'x.three.example', 'a.b', '::1'])
    assert.not.ok(bypassed(host), host);
  assert.ok(isBypassed('a.b', { bypass: ['*'] }));
});

t('has a bounded list of those', () => {
  assert.ok('fault' in readContextProxy('a.example', 'a,'.repeat(101)));
});

t.run();
