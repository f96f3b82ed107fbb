import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_DETAIL_CHARACTERS } from '../../core/domain/end-reason.ts';
import { createSessionEnd, joinDetails } from './end-decision.ts';

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

const end = suite('the end of a session');

end('is decided by whoever is first', async () => {
  const sessionEnd = createSessionEnd();
  assert.is(sessionEnd.isDecided(), false);
  sessionEnd.decide('idle');
  sessionEnd.decide('container_lost', 'too late', 1);
  assert.is(sessionEnd.isDecided(), true);
  assert.equal(await sessionEnd.decision, { reason: 'idle', detail: undefined, exitCode: 0 });
});

end('stops at once what listens to it', () => {
  const sessionEnd = createSessionEnd();
  let stops = 0;
  sessionEnd.signal.addEventListener('abort', () => {
    stops += 1;
  });
  sessionEnd.decide('released');
  sessionEnd.decide('released');
  assert.is(stops, 1);
});

end.run();
