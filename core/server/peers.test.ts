import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isLoopbackPeer } from './peers.ts';

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
