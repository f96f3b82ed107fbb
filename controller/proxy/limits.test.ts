import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CONNECTION } from '../../core/domain/timing.ts';
import { CHROME_LIMITS } from '../chrome/limits.ts';
import { PROXY_LIMITS } from './limits.ts';

const MIB = 1024 * 1024;
const limits = suite('the limits of the proxy');

limits('are each a whole number that limits something', () => {
  for (const [name, value] of Object.entries(PROXY_LIMITS))
    assert.ok(Number.isSafeInteger(value) && value > 0, `${name} is ${value}`);
});

limits('let Chrome read the largest message of a client, with the id of its session', () => {
  assert.ok(PROXY_LIMITS.maxMessageBytes + ',"sessionId":""'.length + 64 < 100 * MIB);
});

limits('order what waits for a client: caught up, behind, slowest of all', () => {
  const { lowWaterBytes, highWaterBytes, maxUnsentBytes, maxSockets } = PROXY_LIMITS;
  assert.ok(lowWaterBytes < highWaterBytes && highWaterBytes < maxUnsentBytes);
  assert.ok(maxSockets * lowWaterBytes <= maxUnsentBytes, 'all that have caught up together are no more');
});

limits('let one client have the largest answer that Chrome gives', () => {
  assert.ok(CHROME_LIMITS.maxMessageBytes <= PROXY_LIMITS.maxUnsentBytes);
});

limits('take the largest message in frames of 1 KiB, and in small segments', () => {
  const { maxMessageBytes, maxMessageFrames, maxFrameReads } = PROXY_LIMITS;
  assert.ok(maxMessageFrames * 1024 >= maxMessageBytes);
  assert.ok(maxFrameReads * 536 >= maxMessageBytes, '536 bytes: the least that TCP agrees on');
});

limits('answer who waits for Chrome before the router gives up', () => {
  assert.ok(PROXY_LIMITS.maxReadyWaitMs < CONNECTION.proxyAnswerMs);
  assert.ok(PROXY_LIMITS.chromeAnswerMs < CONNECTION.proxyAnswerMs);
  assert.ok(PROXY_LIMITS.frontendFileMs < CONNECTION.proxyAnswerMs);
});

limits('ping before anybody on the way takes a connection for silent', () => {
  assert.ok(2 * PROXY_LIMITS.pingIntervalMs < Math.min(CONNECTION.natIdleMs, CONNECTION.edgeIdleMs));
});

limits('list a page without its icon before the list itself is late', () => {
  assert.ok(PROXY_LIMITS.iconMs < PROXY_LIMITS.chromeAnswerMs);
});

limits.run();
