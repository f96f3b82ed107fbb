import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from '../core/log/logger.ts';
import { ClientGoneError } from './hold-client.ts';
import { createRefusalLog } from './refusal-log.ts';
import { hasEnded, REFUSALS, RefusedError, reasonOf } from './refusals.ts';

/** What is answered, counted and logged of one error. */
function tell(error: unknown, kind: 'upgrade' | 'request' = 'upgrade') {
  const counted: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const refusalFor = createRefusalLog({
    metrics: { countAnswer: (of, status) => void counted.push(`${of} ${status}`) },
    logger: createLogger({}, (line) => void lines.push(JSON.parse(line))),
  });
  return { refusal: refusalFor(error, kind), counted, lines };
}

const log = suite('the log of refusals');

log('counts and names what was refused, with what was behind it', () => {
  const cause = new Error('connect ECONNREFUSED');
  const { refusal, counted, lines } = tell(new RefusedError(REFUSALS.unreachable, { cause }));
  assert.is(refusal, REFUSALS.unreachable);
  assert.equal(counted, ['upgrade 502']);
  const [{ level, message, kind, status, reason, why } = {}] = lines;
  assert.equal(
    { level, message, kind, status, reason, why },
    {
      level: 'info',
      message: 'refused',
      kind: 'upgrade',
      status: 502,
      reason: 'unreachable',
      why: `${REFUSALS.unreachable.message}: connect ECONNREFUSED`,
    },
  );
});

log('answers what is no refusal as a fault of the platform, and keeps its words inside', () => {
  const { refusal, counted, lines } = tell(new Error('secret detail'), 'request');
  assert.is(refusal, REFUSALS.failed);
  assert.not.match(JSON.stringify(refusal), 'secret');
  assert.equal(counted, ['request 503']);
  assert.match(JSON.stringify(lines), 'secret detail');
  assert.is(lines[0]?.message, 'a connection failed');
});

log('says nothing of one who has gone: there is nobody to hear it, and nothing was wrong', () => {
  assert.equal(tell(new ClientGoneError('The client went away')), {
    refusal: undefined,
    counted: [],
    lines: [],
  });
});

log('takes whatever is thrown', () => {
  for (const thrown of [undefined, null, 'text', 5]) assert.is(tell(thrown).refusal, REFUSALS.failed);
});

log('names every refusal by a word of its own, and an end as an end', () => {
  for (const [name, refusal] of Object.entries(REFUSALS)) assert.is(reasonOf(refusal), name);
  assert.is(reasonOf(hasEnded()), 'ended');
  assert.is(reasonOf(hasEnded('It was released')), 'ended');
  assert.is(hasEnded('It was released').message, 'The session has ended: It was released');
  const messages = Object.values(REFUSALS).map(({ message }) => message);
  assert.is(new Set(messages).size, messages.length);
});

log('asks to come again wherever it may be better in a moment', () => {
  for (const refusal of Object.values(REFUSALS)) {
    const isPassing = refusal.status === 429 || refusal.status === 503;
    assert.is('headers' in refusal && 'retry-after' in refusal.headers, isPassing, refusal.message);
  }
});

log.run();
