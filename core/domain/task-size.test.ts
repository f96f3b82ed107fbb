import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { appErrorOf } from '../testing/app-error-of.ts';
import { parseTaskSizes, taskSizeOf } from './task-size.ts';

const SIZES = { small: { cpu: 512, memory: 1024 }, large: { cpu: 2048, memory: 4096 } };

const sizes = suite('the size of a session’s container');

sizes('is the one that is asked for by name', () => {
  assert.equal(taskSizeOf('large', SIZES), { cpu: 2048, memory: 4096 });
});

sizes('is the installation’s own where none is asked for, and on one machine, which has no sizes', () => {
  assert.is(taskSizeOf(undefined, SIZES), undefined);
  assert.is(taskSizeOf('large', undefined), undefined);
});

for (const [name, offered, wanted] of [
  ['huge', SIZES, 'body/browserSettings/taskSize must be one of small, large'],
  ['constructor', SIZES, 'body/browserSettings/taskSize must be one of small, large'],
  ['large', {}, 'body/browserSettings/taskSize must be left out: every session here has the same size'],
] as const) {
  sizes(`that is not offered is refused: ${name} of ${Object.keys(offered).length}`, async () => {
    const { code, status, message } = await appErrorOf((async () => taskSizeOf(name, offered))());
    assert.equal([code, status, message], ['TASK_SIZE_NOT_OFFERED', 400, wanted]);
  });
}

sizes('comes from Terraform, and anything else is told', () => {
  assert.equal(parseTaskSizes(SIZES), SIZES);
  assert.equal(parseTaskSizes({}), {});
  for (const wrong of [undefined, [], 'x', { a: 1 }, { a: { cpu: 512 } }, { a: { cpu: '512', memory: 1 } }])
    assert.throws(() => parseTaskSizes(wrong), /must be an object of sizes/);
});

sizes.run();
