import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isOwnedBy } from './ownership.ts';
import { DELETED } from './tombstone.ts';

const ownership = suite('isOwnedBy');

ownership('holds for what belongs to one of the projects', () => {
  assert.ok(isOwnedBy(['a', 'b'], { projectId: 'b' }));
});

ownership('does not hold for what belongs to another, or does not exist', () => {
  assert.not(isOwnedBy(['a', 'b'], { projectId: 'c' }));
  assert.not(isOwnedBy(['a', 'b'], { projectId: '' }));
  assert.not(isOwnedBy(['a'], undefined));
});

ownership('holds for nobody without a project, and nobody has what is deleted', () => {
  assert.not(isOwnedBy([], { projectId: 'a' }));
  assert.not(isOwnedBy(['a', ''], { projectId: DELETED }));
});

ownership.run();
