import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addressesOf, isLoopbackName } from './addresses.ts';

const t = suite('where the one port is found');

t('without a public URL clients are told what this machine calls it', () => {
  assert.equal(addressesOf({ host: '10.1.2.3', publicUrl: undefined }, 8787), {
    own: '10.1.2.3:8787',
    url: 'http://10.1.2.3:8787',
    connectOrigin: 'ws://10.1.2.3:8787/connect',
    storageUrl: 'http://10.1.2.3:8787/s3',
  });
});

t('clients are told the public URL, with wss for https; the machine goes on asking by its own', () => {
  assert.equal(addressesOf({ host: '127.0.0.1', publicUrl: 'https://browsers.example/wc' }, 8787), {
    own: '127.0.0.1:8787',
    url: 'https://browsers.example/wc',
    connectOrigin: 'wss://browsers.example/wc/connect',
    storageUrl: 'https://browsers.example/wc/s3',
  });
});

t('all addresses are loopback for the machine itself, and an IPv6 address has brackets', () => {
  for (const host of ['0.0.0.0', '::'])
    assert.is(addressesOf({ host, publicUrl: undefined }, 1).own, '127.0.0.1:1');
  assert.is(addressesOf({ host: 'fd00::1', publicUrl: undefined }, 1).own, '[fd00::1]:1');
});

t('only what no other machine reaches is loopback', () => {
  for (const name of ['127.0.0.1', '127.9.9.9', 'localhost', '::1', '[::1]'])
    assert.ok(isLoopbackName(name), name);
  for (const name of ['0.0.0.0', '::', '10.0.0.1', 'localhost.example', '127.0.0.1.example', '128.0.0.1'])
    assert.not(isLoopbackName(name), name);
});

t.run();
