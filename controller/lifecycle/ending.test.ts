import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { joinDetails, MAX_DETAIL_CHARACTERS } from './ending.ts';

const details = suite('joinDetails');

details('joins what there is', () => {
  assert.is(joinDetails('one', undefined, '', 'two'), 'one. two');
  assert.is(joinDetails(undefined, ''), undefined);
});

details('cuts a long text, never in the middle of a character', () => {
  const cut = joinDetails(`${'x'.repeat(MAX_DETAIL_CHARACTERS - 1)}🛒`) ?? '';
  assert.is(cut.length, MAX_DETAIL_CHARACTERS);
  assert.ok(cut.isWellFormed(), 'the platform refuses half a character');
});

details('holds no credentials', () => {
  const url = 'https://bucket/x?X-Amz-Signature=0123456789abcdef';
  assert.not.match(joinDetails(`GET ${url} failed`) ?? '', '0123456789abcdef');
});

details.run();
