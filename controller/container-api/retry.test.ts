import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RequestFailedError } from './http-request.ts';
import { retry } from './retry.ts';

/** An attempt that fails with `failures` in turn and then answers how often it was made. */
function attemptAfter(...failures: readonly Error[]) {
  let attempts = 0;
  return async () => {
    const failure = failures[attempts++];
    if (failure !== undefined) throw failure;
    return attempts;
  };
}
const lost = (what = 'lost') => new RequestFailedError(what);
const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no failure',
    (error: Error) => error.message,
  );

const t = suite('retry');

t('answers the first attempt that works', async () => {
  assert.is(await retry(attemptAfter(), { backoff: [0, 0] }), 1);
  assert.is(await retry(attemptAfter(lost(), lost()), { backoff: [0, 0] }), 3);
});

t('makes one attempt more than there are waits, and rejects with the last failure', async () => {
  const attempt = attemptAfter(lost('one'), lost('two'), lost('three'));
  assert.is(await messageOf(retry(attempt, { backoff: [0, 0] })), 'three');
  assert.is(await messageOf(retry(attemptAfter(lost('only')), { backoff: [] })), 'only');
});

t('does not repeat what another attempt would not change', async () => {
  const attempt = attemptAfter(new TypeError('a fault of ours'));
  assert.is(await messageOf(retry(attempt, { backoff: [0, 0] })), 'a fault of ours');
  assert.is(await attempt(), 2, 'it had been made once');
});

t('does not wait for what is aborted', async () => {
  const stop = new AbortController();
  const attempt = async () => {
    stop.abort();
    throw lost();
  };
  const failure = await retry(attempt, { backoff: [3_600_000], signal: stop.signal }).catch(
    (error: Error) => error,
  );
  assert.is((failure as Error).name, 'AbortError');
});

t.run();
