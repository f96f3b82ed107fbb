import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isAskedFromHere, isLoopbackPeer } from './peers.ts';

const peers = suite('isLoopbackPeer');

for (const [remoteAddress, isLoopback] of [
  ['127.0.0.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['10.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  // The socket is closed already.
  [undefined, false],
] as const) {
  peers(`is ${isLoopback} for ${remoteAddress}`, () => {
    assert.is(isLoopbackPeer({ remoteAddress }), isLoopback);
  });
}

peers.run();

// ---

const here = suite('isAskedFromHere');

for (const [what, headers, remoteAddress, isHere] of [
  ['a program of this machine', { host: '127.0.0.1' }, '127.0.0.1', true],
  ['Node’s own fetch, which says how but not from where', { 'sec-fetch-mode': 'cors' }, '::1', true],
  ['a page of any site', { 'sec-fetch-site': 'cross-site' }, '127.0.0.1', false],
  ['an address bar of a session', { 'sec-fetch-site': 'none' }, '127.0.0.1', false],
  ['a script of a page', { origin: 'https://a.example' }, '127.0.0.1', false],
  ['somebody behind a reverse proxy', { 'x-forwarded-for': '203.0.113.1' }, '127.0.0.1', false],
  ['somebody elsewhere', {}, '203.0.113.1', false],
] as const) {
  here(`is ${isHere} of ${what}`, () => {
    assert.is(isAskedFromHere({ headers, socket: { remoteAddress } }), isHere);
  });
}

here.run();
