import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { END_REASONS } from '../../core/domain/end-reason.ts';
import { fitReason, isSendable, noteForClient } from './close-codes.ts';

const codes = suite('close codes');

codes('never sends what only stands for an event', () => {
  for (const code of [0, 999, 1004, 1005, 1006, 1015, 2000, 5000]) assert.not.ok(isSendable(code), `${code}`);
  for (const code of [1000, 1001, 1009, 1012, 3000, 4000, 4999]) assert.ok(isSendable(code), `${code}`);
});

codes('sends every end reason as it is', () => {
  for (const { closeCode, text } of Object.values(END_REASONS)) {
    assert.ok(isSendable(closeCode));
    assert.is(fitReason(text), text);
  }
});

codes('tells a lost page from a lost browser', () => {
  assert.is(noteForClient(1006, '', true).code, 1001);
  assert.is(noteForClient(1006, '', false).code, 1011);
  assert.equal(noteForClient(4321, 'why', true), { code: 4321, text: 'why' });
});

codes('cuts a reason at a character', () => {
  const cut = fitReason('ä'.repeat(100));
  assert.is(cut, 'ä'.repeat(61));
});

codes.run();
