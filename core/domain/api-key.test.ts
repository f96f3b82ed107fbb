import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isUsable } from './api-key.ts';
import { isUuid } from './ids.ts';
import { isObject } from './is-object.ts';

const now = new Date('2026-06-01T00:00:00.000Z');

const keys = suite('an API key');

for (const [status, expiresAt, usable] of [
  ['ACTIVE', undefined, true],
  ['ACTIVE', '2026-06-01T00:00:00.001Z', true],
  ['ACTIVE', '2026-06-01T00:00:00.000Z', false],
  ['ACTIVE', '2020-01-01', false],
  ['ACTIVE', 'no date', false],
  ['ACTIVE', '', false],
  ['REVOKED', undefined, false],
  ['REVOKED', '2099-01-01', false],
] as const) {
  keys(
    `that is ${status} until ${expiresAt ?? 'it is revoked'} is ${usable ? 'usable' : 'of no use'}`,
    () => {
      assert.is(isUsable({ status, ...(expiresAt === undefined ? {} : { expiresAt }) }, now), usable);
    },
  );
}

keys.run();

// ---

const ids = suite('isUuid');
const ID = '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11';

for (const [text, isOne] of [
  [ID, true],
  ['00000000-0000-0000-0000-000000000000', true],
  [ID.toUpperCase(), false],
  [`${ID}\n`, false],
  [` ${ID}`, false],
  [`${ID}/profile.tar.gz`, false],
  [ID.replaceAll('-', ''), false],
  [`{${ID}}`, false],
  [ID.replace('3', '３'), false],
  ['', false],
] as const) {
  ids(`${isOne ? 'takes' : 'does not take'} ${JSON.stringify(text)}`, () => {
    assert.is(isUuid(text), isOne);
  });
}

ids.run();

// ---

const objects = suite('isObject');

objects('is an object of JSON, and neither a list nor null nor a text', () => {
  for (const value of [{}, { a: 1 }, JSON.parse('{"__proto__":1}'), Object.create(null)])
    assert.ok(isObject(value));
  for (const value of [null, undefined, [], 'a', 7, true, () => 1]) assert.not(isObject(value));
});

objects.run();
