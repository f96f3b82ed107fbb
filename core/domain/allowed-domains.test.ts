import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ALLOWED_DOMAINS,
  areAllowedDomains,
  isAllowedHost,
  readAllowedDomains,
  readDomain,
} from './allowed-domains.ts';

const domains = suite('the domains that a session’s pages may go to');

for (const [text, domain] of [
  ['example.com', 'example.com'],
  ['EXAMPLE.com.', 'example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['localhost', 'localhost'],
  ['127.1', '127.0.0.1'],
  ['[2001:DB8:0::1]', '[2001:db8::1]'],
  ['*.example.com', '*.example.com'],
] as const)
  domains(`are written as browsers do: ${text}`, () => assert.is(readDomain(text), domain));

for (const text of [
  '',
  '*',
  '*.',
  '*.*.example',
  'a*.example',
  'https://example.com',
  'example.com/path',
  'example.com:443',
  'user@example.com',
  'example.com?x',
  'example.com#x',
  'exam ple.com',
  ' example.com',
  'example.com\n',
  '%41.example',
  '2001:db8::1',
  'a'.repeat(254),
])
  domains(`are no ${JSON.stringify(text.slice(0, 24))}`, () => assert.is(readDomain(text), null));

domains('have all that is below them, and nothing that only ends alike', () => {
  const allows = (host: string) => isAllowedHost(host, ['example.com']);
  for (const host of ['example.com', 'www.example.com', 'a.b.example.com', 'EXAMPLE.com.'])
    assert.ok(allows(host), host);
  for (const host of ['notexample.com', 'example.com.evil.example', 'com', '', 'example.org'])
    assert.not(allows(host), host);
  assert.not(isAllowedHost('example.com', ['*.example.com']));
  assert.ok(isAllowedHost('a.b.example.com', ['*.example.com']));
  assert.ok(isAllowedHost('[2001:db8::1]', ['[2001:db8::1]']));
});

domains('are each once, and a fault names its place', () => {
  assert.equal(readAllowedDomains(['A.example', 'a.example', 'b.example']), ['a.example', 'b.example']);
  assert.throws(
    () => readAllowedDomains(['a.example', 'https://b.example']),
    /^body\/browserSettings\/allowedDomains\/1 must be a domain such as example\.com/,
  );
});

domains('are bounded in number and length', () => {
  const many = Array.from({ length: ALLOWED_DOMAINS.max + 1 }, (_, i) => `d${i}.example`);
  assert.throws(() => readAllowedDomains(many), /must have 100 domains and 2000 characters together/);
  const long = Array.from({ length: 9 }, (_, i) => `${`${i}.`.repeat(120)}example`);
  assert.throws(() => readAllowedDomains(long), /must have 100 domains and 2000 characters together/);
  assert.is(areAllowedDomains(many.slice(1)), true);
});

domains('are known again by a container, and nothing else is', () => {
  for (const value of ['example.com', [7], ['EXAMPLE.com'], ['https://example.com'], {}, null])
    assert.is(areAllowedDomains(value), false, JSON.stringify(value));
});

domains.run();
