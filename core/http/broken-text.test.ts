import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AppError } from '../domain/errors.ts';
import { refuseBrokenText } from './broken-text.ts';

const HALF = '\ud83d';
const refusalOf = (value: unknown): string | undefined => {
  try {
    refuseBrokenText(value, 'body');
    return undefined;
  } catch (error) {
    assert.instance(error, AppError);
    return (error as AppError).message;
  }
};

const texts = suite('refuseBrokenText');

for (const [value, message] of [
  ['a', undefined],
  ['🙂', undefined],
  ['\u0000\uffff', undefined],
  [HALF, 'body must be well-formed Unicode'],
  [`🙂${HALF}`, 'body must be well-formed Unicode'],
  ['\ude42\ud83d', 'body must be well-formed Unicode'],
  [[['a'], ['b', HALF]], 'body/1/1 must be well-formed Unicode'],
  [{ a: { [HALF]: 1 } }, 'body/a must have names of well-formed Unicode'],
  [{ [HALF]: 1 }, 'body must have names of well-formed Unicode'],
  [null, undefined],
  [undefined, undefined],
  [7, undefined],
  [true, undefined],
  [{ a: null, b: [null, 1, false] }, undefined],
] as const) {
  texts(`${message === undefined ? 'takes' : 'refuses'} ${JSON.stringify(value)}`, () => {
    assert.is(refusalOf(value), message);
  });
}

texts(
  'keeps out of the metadata, which comes back as it was sent, and of nothing that is only called so',
  () => {
    assert.is(refusalOf({ userMetadata: { [HALF]: HALF } }), undefined);
    assert.is(refusalOf({ a: { userMetadata: HALF } }), 'body/a/userMetadata must be well-formed Unicode');
    assert.is(refusalOf({ userMetadatas: HALF }), 'body/userMetadatas must be well-formed Unicode');
  },
);

texts('looks under a name that objects have of themselves', () => {
  assert.is(
    refusalOf(JSON.parse('{"__proto__":{"a":"\\ud83d"}}')),
    'body/__proto__/a must be well-formed Unicode',
  );
});

texts('goes as deep as a client does', () => {
  const depth = 100_000;
  const nested: unknown = JSON.parse(`${'['.repeat(depth)}"\\ud83d"${']'.repeat(depth)}`);
  const refusal = refusalOf(nested) ?? '';
  assert.match(refusal, /^body\/0\/0\/.*\.\.\. must be well-formed Unicode$/);
  assert.ok(refusal.length < 300, 'and does not say it all');
});

texts('cuts a long name between characters', () => {
  const refusal = refusalOf({ [`x${'🙂'.repeat(1_000)}`]: HALF }) ?? '';
  assert.ok(refusal.isWellFormed() && refusal.length < 300, refusal);
});

texts.run();
