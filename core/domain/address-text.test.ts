import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addressTextOf, parseAddressText } from './address-text.ts';

const texts = suite('an address as a text');

texts('is read as it was written', () => {
  for (const [host, text] of [
    ['10.0.0.5', '10.0.0.5:9223'],
    ['fd00::1', '[fd00::1]:9223'],
    ['box.internal', 'box.internal:9223'],
  ] as const) {
    assert.is(addressTextOf({ host, port: 9223 }), text);
    assert.equal(parseAddressText(text), { host, port: 9223 });
  }
});

texts('is none without a host or a port, and with anything besides', () => {
  for (const text of [
    '',
    ':1',
    'h',
    'h:',
    'h:0',
    'h:65536',
    'h:1/x',
    'u@h:1',
    'fd00::1:1',
    '[h]:1',
    'h:1 ',
    'h:-1',
  ])
    assert.is(parseAddressText(text), undefined, text);
});

texts.run();
