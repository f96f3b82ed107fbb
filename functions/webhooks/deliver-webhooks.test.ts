import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readDeliveryRef } from '../../core/aws/webhooks/webhook-queue.ts';
import type { Webhook } from '../../core/domain/webhook.ts';
import {
  type DeliveryTry,
  MAX_TRIES,
  RETRY_DELAYS_SECONDS,
  type WebhookDelivery,
} from '../../core/domain/webhook-delivery.ts';
import { newWebhookDelivery } from '../../core/testing/new-delivery.ts';
import { newWebhook } from '../../core/testing/new-webhook.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { deliverWebhooks } from './deliver-webhooks.ts';

const START_MS = Date.parse('2026-06-01T00:00:00.000Z');
const WEBHOOK = newWebhook({ endpoint: 'https://receiver.example/hook?key=hidden' });

interface World {
  readonly outcomes?: readonly Partial<DeliveryTry>[];
  readonly delivery?: WebhookDelivery | undefined;
  readonly webhook?: Webhook | undefined;
  readonly isTableDown?: boolean;
  readonly isBusDown?: boolean;
  readonly isChangedMeanwhile?: boolean;
}

/** The table of one delivery, a receiver that answers by a script, and a clock that a test moves. */
function open(world: World = {}) {
  const outcomes = [...(world.outcomes ?? [{ status: 200 }])];
  const log = recordLog();
  const state = {
    nowMs: START_MS,
    sent: 0,
    postponed: [] as number[],
    delivery: 'delivery' in world ? world.delivery : newWebhookDelivery(),
    isTableDown: world.isTableDown ?? false,
    /** What was written and told of the webhook itself. */
    health: [] as string[],
    log,
  };
  const webhook = 'webhook' in world ? world.webhook : WEBHOOK;
  const deliver = deliverWebhooks({
    logger: log.logger,
    now: () => new Date(state.nowMs),
    random: () => 0,
    readRef: readDeliveryRef,
    getWebhook: async () => webhook,
    getDelivery: async () => {
      if (state.isTableDown) throw new Error('DynamoDB is away');
      return state.delivery;
    },
    send: async () => {
      state.sent++;
      return { at: new Date(state.nowMs).toISOString(), durationMs: 1, ...outcomes.shift() };
    },
    changeDelivery: async (seen, changes) => {
      const { delivery } = state;
      if (delivery?.round !== seen.round || delivery.tryCount !== seen.tryCount) return false;
      state.delivery = { ...seen, ...changes };
      return true;
    },
    recordFailing: async (id, since) => void state.health.push(`failing ${id} ${since}`),
    recordWorking: async () => void state.health.push('working'),
    disable: async (_, reason) => {
      state.health.push(`disabled: ${reason}`);
      return world.isChangedMeanwhile !== true;
    },
    tellDisabled: async (_, reason) => {
      if (world.isBusDown) throw new Error('the bus is away');
      state.health.push(`told: ${reason}`);
    },
    postpone: async (_, delaySeconds) => void state.postponed.push(delaySeconds),
  });
  /** How many of the messages stay in the queue. */
  const run = async (...refs: readonly object[]): Promise<number> => {
    const Records = refs.map((ref, index) => ({
      messageId: `m${index}`,
      receiptHandle: `r${index}`,
      body: JSON.stringify(ref),
    }));
    return (await deliver({ Records } as never)).batchItemFailures.length;
  };
  return { state, run };
}
const { webhookId, deliveryId } = newWebhookDelivery();
const REF = { webhookId, deliveryId, round: 1 };
const REFUSED = { status: 503 };

const delivering = suite('deliverWebhooks');

delivering('sends what waits, and is done with it', async () => {
  const { state, run } = open();
  assert.equal([await run(REF), state.sent, state.delivery?.status], [0, 1, 'delivered']);
  assert.equal([await run(REF), state.sent], [0, 1], 'the same message again is not sent again');
});

delivering('holds back what was refused, by its schedule, to the last try', async () => {
  const { state, run } = open({ outcomes: Array(MAX_TRIES).fill(REFUSED) });
  for (let made = 1; made < MAX_TRIES; made++) {
    assert.is(await run(REF), 1, `try ${made}`);
    state.nowMs += (state.postponed.at(-1) ?? 0) * 1_000;
  }
  assert.is(await run(REF), 0);
  assert.equal(state.postponed, [...RETRY_DELAYS_SECONDS]);
  assert.equal([state.delivery?.status, state.sent], ['failed', MAX_TRIES]);
});

delivering('delivers after a fault of the receiver that has ended', async () => {
  const { state, run } = open({ outcomes: [{ error: 'unreachable' }, { status: 200 }] });
  await run(REF);
  state.nowMs += 5_000;
  assert.equal([await run(REF), state.delivery?.status, state.delivery?.tries.length], [0, 'delivered', 2]);
});

delivering('tries once what is queued twice, at the same moment or a little later', async () => {
  const same = open({ outcomes: [REFUSED, REFUSED] });
  assert.is(await same.run(REF, REF), 1, 'the one that was too late to tell is dropped');
  assert.is(same.state.delivery?.tryCount, 1);
  const later = open({ outcomes: [REFUSED] });
  await later.run(REF);
  later.state.nowMs += 2_000;
  assert.equal([await later.run(REF), later.state.sent, later.state.postponed.at(-1)], [1, 1, 3]);
});

delivering('leaves to its round what somebody has asked for again', async () => {
  const { state, run } = open({ delivery: newWebhookDelivery({ round: 2 }) });
  assert.equal([await run(REF), state.sent], [0, 0]);
  assert.equal([await run({ ...REF, round: 2 }), state.sent], [0, 1]);
});

delivering('drops what is of no webhook, or is in the table no more', async () => {
  for (const world of [{ webhook: undefined }, { delivery: undefined }]) {
    const { state, run } = open(world);
    assert.equal([await run(REF), state.sent], [0, 0]);
  }
});

delivering('sends nothing to a webhook that is disabled, and says that it has not', async () => {
  const { state, run } = open({ webhook: { ...WEBHOOK, isEnabled: false } });
  assert.equal([await run(REF), state.sent, state.delivery?.status], [0, 0, 'failed']);
  assert.is(state.delivery?.failedWebhookId, webhookId);
});

const failingFor = (days: number): Webhook => ({
  ...WEBHOOK,
  failingSince: new Date(START_MS - days * 86_400_000).toISOString(),
});
const lastTry = () => newWebhookDelivery({ tryCount: MAX_TRIES - 1 });

delivering('notes once that nothing arrives, and once that something does', async () => {
  const first = open({ outcomes: [REFUSED] });
  await first.run(REF);
  assert.equal(first.state.health, [`failing ${webhookId} ${new Date(START_MS).toISOString()}`]);
  const second = open({ outcomes: [REFUSED], webhook: failingFor(1) });
  await second.run(REF);
  assert.equal(second.state.health, []);
  const works = open({ webhook: failingFor(1) });
  await works.run(REF);
  assert.equal(works.state.health, ['working']);
});

delivering('disables a webhook to which nothing has arrived for days, and says so', async () => {
  const { state, run } = open({ outcomes: [REFUSED], webhook: failingFor(5), delivery: lastTry() });
  assert.is(await run(REF), 0);
  assert.equal(state.health, ['disabled: failing', 'told: failing']);
  assert.match(state.log.text(), 'a webhook is disabled');
  assert.not.match(state.log.text(), /receiver\.example|hidden|whsec/);
  const early = open({ outcomes: [REFUSED], webhook: failingFor(4.9), delivery: lastTry() });
  await early.run(REF);
  assert.equal(early.state.health, []);
});

delivering(
  'disables one whose receiver is gone, and goes on with its delivery, which is then given up',
  async () => {
    const { state, run } = open({ outcomes: [{ status: 410 }] });
    assert.is(await run(REF), 1);
    assert.equal(state.health, ['disabled: gone', 'told: gone']);
  },
);

delivering('says nothing of one that somebody has changed at the same moment', async () => {
  const { state, run } = open({ outcomes: [{ status: 410 }], isChangedMeanwhile: true });
  await run(REF);
  assert.equal(state.health, ['disabled: gone']);
  assert.not.match(state.log.text(), 'a webhook is disabled');
});

delivering('keeps the schedule of a delivery when the bus is away', async () => {
  const { state, run } = open({ outcomes: [{ status: 410 }], isBusDown: true });
  assert.equal([await run(REF), state.postponed], [1, [RETRY_DELAYS_SECONDS[0]]]);
  assert.match(state.log.text(), 'the bus is away');
});

delivering('keeps in the queue what it could not look at, and what no one of ours has written', async () => {
  const { state, run } = open({ isTableDown: true });
  assert.equal([await run(REF, { other: 1 }), state.postponed], [2, []]);
  state.isTableDown = false;
  assert.is(await run({ other: 1 }, REF), 1);
  assert.match(state.log.text(), 'DynamoDB is away');
});

delivering('writes what became of it into the log, and neither the URL nor a secret', async () => {
  const { state, run } = open({ outcomes: [{ error: 'timed-out' }] });
  await run(REF);
  assert.match(state.log.text(), 'timed-out');
  assert.match(state.log.text(), webhookId);
  assert.not.match(state.log.text(), /receiver\.example|hidden|whsec/);
});

delivering.run();
