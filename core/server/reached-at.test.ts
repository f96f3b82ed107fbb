import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reachedAt } from './reached-at.ts';

const reached = suite('where a client has reached us');

for (const [what, headers, origin] of [
  ['is the host it names', { host: '10.0.0.7:9223' }, 'ws://10.0.0.7:9223'],
  ['may be an address of IPv6', { host: '[::1]:9223' }, 'ws://[::1]:9223'],
  [
    'is what a proxy in front says',
    {
      host: '10.0.0.7:9223',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'b.example',
      'x-forwarded-prefix': '/a/connect/',
    },
    'wss://b.example/a/connect',
  ],
  [
    'is the first of several: the one nearest to the client',
    { host: 'x', 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'b.example:8443, inner' },
    'wss://b.example:8443',
  ],
  [
    'leaves out the scheme’s own port',
    { host: 'b.example:443', 'x-forwarded-proto': 'https' },
    'wss://b.example',
  ],
  ['is nothing without a host', {}, null],
  ['is nothing where the host is none', { host: 'b.example/path' }, null],
  ['is nothing where the host brings credentials', { host: 'user:word@b.example' }, null],
  ['is nothing where the prefix is no path', { host: 'b.example', 'x-forwarded-prefix': '?x' }, null],
] as const) {
  reached(what, () => assert.is(reachedAt({ headers }), origin));
}

reached.run();
