import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { END_REASONS } from '../../core/domain/end-reason.ts';
import { CLOSE_NOTES, fitReason } from './close-codes.ts';

const codes = suite('close codes');

// RFC 6455, 7.4.1: the others only stand for what happened and may never be sent.
const isSendable = (code: number) =>
  (code >= 4000 && code <= 4999) ||
  [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014].includes(code);

codes('are sendable, and their sentences fit', () => {
  const ends = Object.values(END_REASONS).map(({ closeCode: code, text }) => ({ code, text }));
  for (const { code, text } of [...ends, ...Object.values(CLOSE_NOTES)]) {
    assert.ok(isSendable(code), `${code}`);
    assert.is(fitReason(text), text);
  }
});

codes('cuts a reason at a character', () => {
  const cut = fitReason('ä'.repeat(100));
  assert.is(cut, 'ä'.repeat(61));
});

codes.run();
