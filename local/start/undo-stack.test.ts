import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createUndoStack } from './undo-stack.ts';

const t = suite('undo stack');

t('stops in reverse, one after the other, once', async () => {
  const order: string[] = [];
  const stack = createUndoStack(() => undefined);
  stack.push('first', () => void order.push('first'));
  stack.push('second', async () => {
    order.push('second begins');
    await new Promise((resolve) => setImmediate(resolve));
    order.push('second ends');
  });
  await Promise.all([stack.unwind(), stack.unwind()]);
  assert.equal(order, ['second begins', 'second ends', 'first']);
});

t('goes on after a stop that fails, and tells of it', async () => {
  const faults: unknown[] = [];
  const order: string[] = [];
  const stack = createUndoStack((name, error) => faults.push([name, (error as Error).message]));
  stack.push('first', () => void order.push('first'));
  stack.push('second', () => Promise.reject(new Error('stuck')));
  await stack.unwind();
  assert.equal(order, ['first']);
  assert.equal(faults, [['second', 'stuck']]);
});

t.run();
