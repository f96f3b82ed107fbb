import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isSessionEvent, isTargetEvent, readAnswerId } from './read-message.ts';

const messages = suite('what a message of Chrome shows unparsed');

for (const [text, id] of [
  ['{"id":0,"result":{}}', 0],
  ['{"id":2147483647,"result":{},"sessionId":"S"}', 2_147_483_647],
  ['{"id":-12,"error":{}}', -12],
  ['{"error":{},"id":3}', undefined],
  ['{"method":"A.b","params":{"id":3}}', undefined],
  ['{}', undefined],
  ['', undefined],
] as const) {
  messages(`is the id ${id} of ${text}`, () => {
    assert.is(readAnswerId(Buffer.from(text)), id);
  });
}

messages('is whether it tells of targets, and of sessions of CDP', () => {
  const shown = (message: object) => {
    const bytes = Buffer.from(JSON.stringify(message));
    return [isTargetEvent(bytes), isSessionEvent(bytes)];
  };
  assert.equal(shown({ method: 'Target.attachedToTarget', params: {} }), [true, true]);
  assert.equal(shown({ method: 'Target.detachedFromTarget', params: {} }), [true, true]);
  assert.equal(shown({ method: 'Target.targetCreated', params: {} }), [true, false]);
  assert.equal(shown({ method: 'Target.attachedToTargets', params: {} }), [true, false]);
  assert.equal(shown({ method: 'Page.x', params: { method: 'Target.attachedToTarget' } }), [false, false]);
  assert.equal(shown({ id: 1, result: { method: 'Target.attachedToTarget' } }), [false, false]);
});

messages.run();
