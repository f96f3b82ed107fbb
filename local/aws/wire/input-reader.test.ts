import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AwsError } from './aws-error.ts';
import { createInputReader } from './input-reader.ts';
import type { JsonObject } from './json-service.ts';

const read = createInputReader('InvalidParameterException');
// Not as a method: the runner takes `.only` for the word of uvu.
const { only } = read;
const RANGE = { min: 1, max: 10 };

const t = suite('reading an input');

t('gives what is there, and what may be left out as undefined', () => {
  const input: JsonObject = { name: 'a', count: 10, tags: [{ key: 'k' }], ids: ['x'], none: null };
  assert.is(read.text(input, 'name'), 'a');
  assert.is(read.optionalText(input, 'name'), 'a');
  assert.is(read.optionalInteger(input, 'count', RANGE), 10);
  assert.equal(read.objects(input, 'tags'), [{ key: 'k' }]);
  assert.equal(read.texts(input, 'ids'), ['x']);
  for (const name of ['none', 'missing']) {
    assert.is(read.optionalText(input, name), undefined);
    assert.is(read.optionalInteger(input, name, RANGE), undefined);
    assert.equal(read.texts(input, name), []);
    assert.equal(read.objects(input, name), []);
  }
  only('Call', input, ['name', 'count', 'tags', 'ids']);
});

const REFUSED: readonly [what: string, action: () => unknown, sentence: string][] = [
  [
    'a member that has no effect',
    () => only('Call', { a: 1, b: 2 }, ['a']),
    'Call: this stand-in does not support b',
  ],
  ['a text that is missing', () => read.text({}, 'name'), 'name is required'],
  ['a text that is empty', () => read.text({ name: '' }, 'name'), 'name is required'],
  ['a number for a text', () => read.text({ name: 1 }, 'name'), 'name must be a string'],
  [
    'half a number',
    () => read.optionalInteger({ n: 1.5 }, 'n', RANGE),
    'n must be a whole number from 1 to 10',
  ],
  [
    'too small a number',
    () => read.optionalInteger({ n: 0 }, 'n', RANGE),
    'n must be a whole number from 1 to 10',
  ],
  [
    'too large a number',
    () => read.optionalInteger({ n: 11 }, 'n', RANGE),
    'n must be a whole number from 1 to 10',
  ],
  [
    'a text for a number',
    () => read.optionalInteger({ n: '1' }, 'n', RANGE),
    'n must be a whole number from 1 to 10',
  ],
  ['a text for a list', () => read.texts({ ids: 'x' }, 'ids'), 'ids must be a list'],
  [
    'a number in a list of texts',
    () => read.texts({ ids: ['x', 1] }, 'ids'),
    'ids must be a list of strings',
  ],
  [
    'a list in a list of objects',
    () => read.objects({ tags: [[]] }, 'tags'),
    'tags must be a list of objects',
  ],
];
for (const [what, action, sentence] of REFUSED) {
  t(`refuses ${what} in the service’s own code`, () => {
    try {
      action();
      assert.unreachable();
    } catch (error) {
      assert.instance(error, AwsError);
      assert.equal(
        [(error as AwsError).code, (error as AwsError).message],
        ['InvalidParameterException', sentence],
      );
    }
  });
}

t.run();
