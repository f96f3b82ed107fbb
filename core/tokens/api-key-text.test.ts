import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { redactText } from '../log/redact.ts';
import { createApiKeyText, hashApiKey, isApiKeyText } from './api-key-text.ts';

const keys = suite('the text of an API key');

keys('that we make is usable, never the same, and kept out of the log', () => {
  const made = Array.from({ length: 100 }, createApiKeyText);
  assert.is(new Set(made).size, 100);
  for (const text of made) {
    assert.ok(isApiKeyText(text));
    assert.match(text, /^wc_[\w-]{32}$/);
    assert.is(redactText(`key ${text}!`), 'key [redacted]!');
  }
});

for (const [text, isUsable] of [
  ['12345678', true],
  ['1234567', false],
  ['x'.repeat(256), true],
  ['x'.repeat(257), false],
  ['!"#$%&~}', true],
  ['with space', false],
  ['with\ttab', false],
  ['line\nfeed-', false],
  ['password\r\nx-evil: 1', false],
  ['schlüssel', false],
  ['🙂🙂🙂🙂', false],
  ['12345678\n', false],
  ['', false],
] as const) {
  keys(`${isUsable ? 'may' : 'may not'} be ${JSON.stringify(text.slice(0, 20))} of ${text.length}`, () => {
    assert.is(isApiKeyText(text), isUsable);
  });
}

keys('is stored as SHA-256, in hex: the tables of others can be compared with ours', () => {
  assert.is(hashApiKey('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

keys.run();
