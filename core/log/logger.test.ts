import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from './logger.ts';

const at = new Date('2026-01-02T03:04:05.678Z');

const capture = () => {
  const lines: string[] = [];
  const logger = createLogger({ service: 'test' }, (line) => lines.push(line), { now: () => at });
  return { lines, logger, last: () => JSON.parse(lines.at(-1) ?? '{}') };
};

const logger = suite('createLogger');

logger('writes one JSON object a line with time, level, message and fields', () => {
  const { logger, last, lines } = capture();
  logger.with({ sessionId: 's1' }).info('session ready', { durationMs: 12 });
  assert.equal(lines.length, 1);
  assert.equal(last(), {
    time: at.toISOString(),
    level: 'info',
    message: 'session ready',
    service: 'test',
    sessionId: 's1',
    durationMs: 12,
  });
});

logger('withholds values by the name of their field, at any depth', () => {
  const { logger, lines } = capture();
  logger.info('m', { signingKey: 'abc', nested: [{ 'x-bb-api-key': 'def', connectUrl: 'ghi' }] });
  for (const secret of ['abc', 'def', 'ghi']) assert.not.match(lines[0] ?? '', `"${secret}"`);
});

logger('withholds tokens, keys and signed URLs inside text and errors', () => {
  const { logger, lines } = capture();
  const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
  logger.error(`bad ${jwt}`, {
    error: new Error(`GET /?signingKey=${jwt} and wc_0123456789abcdef0123`, {
      cause: new Error('PUT https://b/k?X-Amz-Signature=deadbeef&x=1'),
    }),
  });
  assert.not.match(lines[0] ?? '', 'c2lnbmF0dXJl');
  assert.not.match(lines[0] ?? '', 'wc_0123456789abcdef0123');
  assert.not.match(lines[0] ?? '', 'deadbeef');
  assert.match(lines[0] ?? '', 'x=1');
});

logger('bounds the length of a text', () => {
  const { logger, last } = capture();
  logger.info('m', { text: 'a'.repeat(10_000) });
  assert.ok(last().text.length < 5000);
});

logger.run();
