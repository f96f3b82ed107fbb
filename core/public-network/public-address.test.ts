import { BlockList, isIPv4 } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isAllowedAddress, isPublicAddress, parseAllowedNetworks } from './public-address.ts';

// IANA's special-purpose registries and what is not given out at all, written down once more: as an oracle of Node's own.
const SPECIAL = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24',
  '203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
  '::/3 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 4000::/2 8000::/1',
]
  .join(' ')
  .split(' ')
  .map((network) => network.split('/') as [string, string]);

// One for each family: a list of both takes an IPv4 address for its form in IPv6 as well.
const oracles = { ipv4: new BlockList(), ipv6: new BlockList() };
const familyOf = (address: string) => (isIPv4(address) ? 'ipv4' : 'ipv6');
for (const [address, bits] of SPECIAL)
  oracles[familyOf(address)].addSubnet(address, Number(bits), familyOf(address));
const isSpecial = (address: string) => oracles[familyOf(address)].check(address, familyOf(address));

/** The same numbers every time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

const toV4 = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
const toV6 = (value: bigint): string =>
  Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':');

/** First, last and the neighbours of each special network. */
function edges(): string[] {
  return SPECIAL.flatMap(([text, bits]) => {
    const [width, format] = isIPv4(text) ? [32, toV4] : [128, toV6];
    const first = isIPv4(text)
      ? text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
      : groupsOf(text).reduce((sum, group) => (sum << 16n) + group, 0n);
    const size = 1n << BigInt(width - Number(bits));
    return [first - 1n, first, first + size - 1n, first + size]
      .filter((value) => value >= 0n && value < 1n << BigInt(width))
      .map((value) => format(value));
  });
}

function groupsOf(text: string): bigint[] {
  const [head = [], tail = []] = text.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].map((group) => BigInt(`0x${group}`));
}

const addresses = suite('the address of a public host');

addresses('is one in no special network, at every edge of every one of them', () => {
  for (const address of edges()) assert.is(isPublicAddress(address), !isSpecial(address), address);
});

addresses('and wherever one looks', () => {
  const next = random(20261129);
  for (let i = 0; i < 10_000; i++) {
    const v4 = toV4(BigInt(next()));
    assert.is(isPublicAddress(v4), !isSpecial(v4), v4);
    const v6 = toV6([next(), next(), next(), next()].reduce((sum, part) => (sum << 32n) + BigInt(part), 0n));
    assert.is(isPublicAddress(v6), !isSpecial(v6), v6);
  }
});

for (const address of [
  '169.254.169.254',
  '169.254.170.2',
  '100.100.100.200',
  '0.0.0.0',
  '::',
  '::1',
  'fe80::1',
  'fd00:ec2::254',
  'fec0::1',
  '::ffff:8.8.8.8',
  // 127.0.0.1, which the parser reads as 177.0.0.1; and the same in an older notation, which it calls unicast.
  '::ffff:0177.0.0.1',
  '::7f00:1',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '::a9fe:a9fe',
  '::8.8.8.8',
  '::ffff:0:8.8.8.8',
  '64:ff9b::8.8.8.8',
  '64:ff9b:1::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:db8::1',
  'fe80::1%eth0',
  '2606:4700::1%1',
  '5f00::1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '8.8.8.08',
  '1.1',
  '134744072',
  'localhost',
  'example.com',
  '',
]) {
  addresses(`is not ${address || 'nothing'}`, () => assert.is(isPublicAddress(address), false));
}

for (const address of [
  '1.1.1.1',
  '8.8.8.8',
  '93.184.215.14',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
])
  addresses(`may be ${address}`, () => assert.is(isPublicAddress(address), true));

addresses('may be of a network that the owner allows, and of no other', () => {
  const allowed = parseAllowedNetworks(['127.0.0.0/8', 'fd00:1::/32']);
  assert.is(isAllowedAddress('127.9.9.9', allowed), true);
  assert.is(isAllowedAddress('fd00:1::7', allowed), true);
  for (const address of ['128.0.0.0', '::1', '::ffff:127.0.0.1', 'fd00:2::1', 'localhost', '2130706433'])
    assert.is(isAllowedAddress(address, allowed), false, address);
  assert.throws(() => parseAllowedNetworks(['127.0.0.1']), /10\.1\.0\.0\/16/);
  assert.throws(() => parseAllowedNetworks(['localhost/8']), /10\.1\.0\.0\/16/);
});

addresses.run();
