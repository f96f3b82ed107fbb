import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { matchesDomainPattern, readDomainPattern } from './domain-pattern.ts';

const patterns = suite('domainPattern');

for (const [text, pattern] of [
  ['example.com', 'example.com'],
  ['EXAMPLE.com', 'example.com'],
  ['example\\.com', 'example.com'],
  ['^example\\.com$', 'example.com'],
  ['*.example.com', '*.example.com'],
  ['.*\\.example\\.com', '*.example.com'],
  ['^.*\\.Example\\.com$', '*.example.com'],
  ['google.*', 'google*'],
  ['*', '*'],
  ['.*', '*'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['[::1]', '[::1]'],
] as const)
  patterns(`${text} is read as ${pattern}`, () => assert.is(readDomainPattern(text), pattern));

for (const text of [
  '',
  '(a+)+$',
  '(a|b).example',
  'a{3}.example',
  'a?.example',
  '[a-z].example',
  '\\d.example',
  'https://example.com',
  'example.com/*',
  '* .example',
  'a'.repeat(254),
])
  patterns(`${JSON.stringify(text.slice(0, 20))} is none`, () => assert.is(readDomainPattern(text), null));

for (const [pattern, hosts, others] of [
  [
    'example.com',
    ['example.com', 'a.b.example.com', 'EXAMPLE.com.'],
    ['notexample.com', 'example.com.evil.example'],
  ],
  ['*.example.com', ['a.example.com', 'a.b.example.com'], ['example.com', 'a.example.org']],
  ['*', ['a', '10.0.0.1'], []],
  ['a*b*c', ['abc', 'a1b2c', 'abbc'], ['ab', 'ac', 'acb', 'xabc']],
  ['shop*.example', ['shop.example', 'shop1.example'], ['ashop.example', 'shop.example.com']],
  ['ab*ba', ['abba', 'ab-ba'], ['aba']],
] as const)
  patterns(`${pattern} names what it says, and nothing else`, () => {
    for (const host of hosts) assert.ok(matchesDomainPattern(host, pattern), host);
    for (const host of others) assert.not(matchesDomainPattern(host, pattern), host);
  });

patterns('takes no time, however it is made', () => {
  const pattern = `${'*a'.repeat(126)}`;
  const startedAt = performance.now();
  for (let i = 0; i < 1_000; i++) matchesDomainPattern(`${'a'.repeat(252)}b`, pattern);
  assert.ok(performance.now() - startedAt < 2_000);
});

patterns.run();
