import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromCursor, toCursor } from './session-position.ts';

const POSITION = {
  createdAt: '2026-06-01T12:00:00.123Z',
  sessionId: '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11',
};
const cursorOf = (text: string) => Buffer.from(text).toString('base64url');

const cursors = suite('where a list of sessions goes on');

cursors('comes back as it was given', () => {
  assert.equal(fromCursor(toCursor(POSITION)), POSITION);
});

cursors('is text of a URL', () => {
  assert.match(toCursor(POSITION), /^[\w-]+$/);
});

for (const [what, cursor] of [
  ['nothing', ''],
  ['any text', 'next'],
  ['an id without a time', cursorOf(POSITION.sessionId)],
  ['a time without an id', cursorOf(POSITION.createdAt)],
  ['a day that is none', cursorOf(`2026-06-99T12:00:00.123Z ${POSITION.sessionId}`)],
  ['a time of another form', cursorOf(`2026-06-01 ${POSITION.sessionId}`)],
  ['an id of another form', cursorOf(`${POSITION.createdAt} session`)],
  ['more than that', cursorOf(`${POSITION.createdAt} ${POSITION.sessionId} more`)],
] as const) {
  cursors(`is not ${what}`, () => {
    assert.is(fromCursor(cursor), undefined);
  });
}

cursors.run();
