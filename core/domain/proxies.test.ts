import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AskedProxy, parseProxyRoutes, parseProxyUrl, readProxies, serverFor } from './proxies.ts';

const external = (server: string, more: object = {}): AskedProxy => ({ type: 'external', server, ...more });
const serverOf = (server: string, more: object = {}) => readProxies([external(server, more)])[0]?.server;

const reading = suite('the proxies that a create names');

for (const [server, scheme, host, port] of [
  ['http://proxy.example:3128', 'http', 'proxy.example', 3128],
  ['http://proxy.example', 'http', 'proxy.example', 80],
  ['proxy.example:8080', 'http', 'proxy.example', 8080],
  ['https://PROXY.example.', 'https', 'proxy.example', 443],
  ['socks5://proxy.example', 'socks5', 'proxy.example', 1080],
  ['socks5h://[2001:db8::1]:9050', 'socks5', '2001:db8::1', 9050],
  ['socks4://203.0.113.7:1081/', 'socks4', '203.0.113.7', 1081],
] as const)
  reading(`are read as browsers read them: ${server}`, () => {
    assert.equal(serverOf(server), { scheme, host, port });
  });

reading('have credentials beside them, or in them', () => {
  const credentials = { username: 'user', password: 'p@ss:word' };
  const { username, password } = serverOf('http://proxy.example', credentials) ?? {};
  assert.equal({ username, password }, credentials);
  const inside = serverOf('http://user:p%40ss%3Aword@proxy.example');
  assert.equal({ username: inside?.username, password: inside?.password }, credentials);
  assert.equal(serverOf('http://proxy.example', { username: '', password: '' }), {
    scheme: 'http',
    host: 'proxy.example',
    port: 80,
  });
});

const SECRET = 'hunter2';
for (const [entry, field] of [
  [external('ftp://proxy.example'), 'server'],
  [external('http://'), 'server'],
  [external('http://proxy.example/path'), 'server'],
  [external('http://a,b'), 'server'],
  [external('http://proxy.example:99999'), 'server'],
  [external(`http://user:${SECRET}@proxy.example/?x`), 'server'],
  [external(`http://user:${SECRET}@proxy.example`, { username: 'other' }), 'server'],
  [external(`http://user:${SECRET}%@proxy.example`), 'server'],
  [external('http://proxy.example', { password: SECRET }), 'username'],
  [external('http://proxy.example', { username: 'a:b', password: SECRET }), 'username'],
  [external('http://proxy.example', { username: 'a', password: `${SECRET}\r\nX: y` }), 'password'],
  [
    external('socks5://proxy.example', { username: 'a', password: `${SECRET}${'x'.repeat(255)}` }),
    'password',
  ],
  [external('socks4://proxy.example', { username: 'a', password: SECRET }), 'password'],
  [external('http://proxy.example', { domainPattern: `(${SECRET}+)+` }), 'domainPattern'],
  [{ type: 'none', domainPattern: 'http://x' }, 'domainPattern'],
] as const)
  reading(`are refused by the name of the field alone: ${JSON.stringify(entry).slice(0, 90)}`, () => {
    assert.throws(
      () => readProxies([{ type: 'none' }, entry]),
      (error: Error) =>
        error.message.startsWith(`body/proxies/1/${field} must`) && !error.message.includes(SECRET),
    );
  });

reading('are the owner’s, where a proxy of the platform’s is asked for', () => {
  const managed = parseProxyUrl(`socks5://user:${SECRET}@proxy.example`);
  assert.is(managed.password, SECRET);
  assert.equal(readProxies(true, managed), [{ pattern: null, server: managed }]);
  assert.equal(
    readProxies([{ type: 'browserbase', domainPattern: 'a.example' }, { type: 'none' }], managed),
    [
      { pattern: 'a.example', server: managed },
      { pattern: null, server: null },
    ],
  );
  assert.throws(
    () => parseProxyUrl(`ftp://user:${SECRET}@proxy.example`),
    /^(?!.*hunter2).*must be a proxy such as/,
  );
});

reading('are none where none is asked for', () => {
  for (const asked of [undefined, false, true, [], [{ type: 'none' } as const]])
    assert.equal(readProxies(asked), []);
});

reading.run();

// ---

const choosing = suite('which proxy is asked for a host');

choosing('is that of the first pattern that names it, and none where that says so or none does', () => {
  const routes = readProxies([
    { type: 'none', domainPattern: 'free.example.com' },
    external('http://one.example', { domainPattern: 'example.com' }),
    external('http://two.example', { domainPattern: '*.org' }),
  ]);
  const hostFor = (host: string) => serverFor(host, routes)?.host;
  assert.is(hostFor('free.example.com'), undefined);
  assert.is(hostFor('www.example.com'), 'one.example');
  assert.is(hostFor('a.org'), 'two.example');
  assert.is(hostFor('elsewhere.net'), undefined);
  assert.is(serverFor('x', [...routes, { pattern: null, server: null }]), null);
});

choosing.run();

// ---

const parsing = suite('proxies on their way to a container');

parsing('are the same afterwards', () => {
  const routes = readProxies([
    external('socks5://proxy.example', { username: 'u', password: 'p' }),
    { type: 'none' },
  ]);
  assert.equal(parseProxyRoutes(JSON.parse(JSON.stringify(routes))), routes);
});

parsing('are refused without a word of them', () => {
  const server = { scheme: 'http', host: 'h', port: 1, password: SECRET };
  for (const value of [
    null,
    {},
    [SECRET],
    [{ pattern: 7, server: null }],
    [{ pattern: null, server: { ...server, port: 'x' } }],
  ])
    assert.throws(() => parseProxyRoutes(value), /^(?!.*hunter2).*not usable/);
});

parsing.run();
