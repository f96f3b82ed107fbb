import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newWebhookDelivery } from '../testing/new-delivery.ts';
import {
  afterTry,
  askedAgain,
  type DeliveryTry,
  isAccepted,
  MAX_TRIES,
  newDelivery,
  RETRY_DELAYS_SECONDS,
  toDeliveryView,
  type WebhookDelivery,
} from './webhook-delivery.ts';

const START_MS = Date.parse('2026-06-01T00:00:00.000Z');
const tried = (changes: Partial<DeliveryTry> = {}): DeliveryTry => ({
  at: 't',
  durationMs: 5,
  status: 200,
  ...changes,
});
const REFUSED = tried({ status: 500 });
const change = (delivery: WebhookDelivery, made: DeliveryTry, nowMs = START_MS, random = 0) => ({
  ...delivery,
  nextTryAt: '',
  ...afterTry(delivery, made, new Date(nowMs), random),
});

const deliveries = suite('a delivery');

deliveries('is made by an answer of 2xx, and by no other', () => {
  for (const [made, accepted] of [
    [tried(), true],
    [tried({ status: 204 }), true],
    [tried({ status: 302 }), false],
    [tried({ status: 410 }), false],
    [{ at: 't', durationMs: 1, error: 'timed-out' }, false],
    [tried({ error: 'bad-answer' }), false],
  ] as const)
    assert.is(isAccepted(made), accepted, JSON.stringify(made));
  const made = afterTry(newWebhookDelivery(), tried(), new Date(START_MS), 0);
  assert.equal(made, { status: 'delivered', tryCount: 1, tries: [tried()] });
});

deliveries('is tried again, later each time, for some hours; then it has failed', () => {
  let delivery = newWebhookDelivery();
  let nowMs = START_MS;
  const delays: number[] = [];
  for (;;) {
    delivery = change(delivery, REFUSED, nowMs);
    if (delivery.status !== 'pending') break;
    const atMs = Date.parse(delivery.nextTryAt ?? '');
    delays.push((atMs - nowMs) / 1_000);
    nowMs = atMs;
  }
  assert.equal(delays, [...RETRY_DELAYS_SECONDS]);
  assert.ok(delays.every((delay, index) => delay > (delays[index - 1] ?? 0)));
  assert.equal([delivery.status, delivery.tryCount], ['failed', MAX_TRIES]);
  assert.is(delivery.failedWebhookId, delivery.webhookId);
  assert.ok(nowMs - START_MS < 5 * 3_600_000);
});

deliveries('does not wait longer than SQS can hold it back', () => {
  for (let tryCount = 0; tryCount < MAX_TRIES - 1; tryCount++) {
    const { nextTryAt = '' } = change(newWebhookDelivery({ tryCount }), REFUSED, START_MS, 1);
    const delayMs = Date.parse(nextTryAt) - START_MS;
    assert.ok(delayMs <= 43_200_000 && delayMs <= (RETRY_DELAYS_SECONDS[tryCount] ?? 0) * 1_200);
  }
});

deliveries('begins again when somebody asks, and keeps what was tried', () => {
  const failed = newWebhookDelivery({ status: 'failed', round: 2, tryCount: MAX_TRIES, tries: [REFUSED] });
  const now = new Date(START_MS);
  const again = { ...failed, ...askedAgain(failed, now) };
  assert.equal([again.status, again.round, again.tryCount], ['pending', 3, 0]);
  assert.equal([again.tries, again.nextTryAt], [[REFUSED], now.toISOString()]);
});

deliveries('keeps its last tries only', () => {
  const tries = Array.from({ length: 20 }, (_, index) => tried({ durationMs: index }));
  const { tries: kept } = change(newWebhookDelivery({ tries }), REFUSED);
  assert.equal([kept.length, kept[0]?.durationMs, kept.at(-1)?.status], [20, 1, 500]);
});

deliveries('is the event as the bus tells it, byte for byte', () => {
  const event = {
    schemaVersion: 1,
    projectId: 'p1',
    seq: 3,
    sessionId: 's',
    at: 'a',
    category: 'client',
    type: 'client.connected',
    data: { clients: 1 },
  };
  const made = newDelivery({ webhookId: 'w', deliveryId: 'd' }, event, new Date(START_MS));
  assert.equal(JSON.parse(made.body), event);
  assert.is(made.purgeAt, START_MS / 1_000 + 7 * 86_400);
});

deliveries('shows its tries, and when the next one is', () => {
  const view = toDeliveryView(newWebhookDelivery({ tries: [tried({ error: 'bad-answer' })] }));
  assert.equal(view.tries, [{ at: 't', durationMs: 5, status: 200, error: 'bad-answer' }]);
  assert.is(view.nextTryAt, '2026-06-01T00:00:00.000Z');
  assert.is(toDeliveryView(newWebhookDelivery({ status: 'failed' })).nextTryAt, null);
  assert.not.match(JSON.stringify(view), 'body');
});

deliveries.run();
