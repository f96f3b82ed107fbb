/** One attempt to hand an event to a receiver. */
export interface DeliveryTry {
  readonly at: string;
  readonly durationMs: number;
  /** Of the receiver's answer; missing where there was none. */
  readonly status?: number;
  /** Why there was none, or why it does not count: a name, and never a text from outside. */
  readonly error?: string;
}

export type DeliveryStatus = 'pending' | 'delivered' | 'failed';

/** One item of the table of deliveries: an event on its way to one webhook. */
export interface WebhookDelivery {
  readonly webhookId: string;
  /** Sorts by the time of the event. It is the id of the message as well. */
  readonly deliveryId: string;
  readonly sessionId: string;
  readonly eventSeq: number;
  readonly eventType: string;
  /** What is sent, byte for byte, each time. */
  readonly body: string;
  readonly status: DeliveryStatus;
  /** Goes up when somebody asks for it again; what an earlier round has queued is not acted on any more. */
  readonly round: number;
  /** Of this round. */
  readonly tryCount: number;
  /** The last ones of all rounds. */
  readonly tries: readonly DeliveryTry[];
  readonly nextTryAt?: string;
  /** The webhook's id, while it has failed: what the index of failed deliveries is by. */
  readonly failedWebhookId?: string;
  readonly createdAt: string;
  /** Seconds since 1970: DynamoDB deletes it then. */
  readonly purgeAt: number;
}

/** What the queue carries: which delivery, and of which round. */
export type DeliveryRef = Pick<WebhookDelivery, 'webhookId' | 'deliveryId' | 'round'>;

/** An event as the bus tells it. */
export interface DeliverableEvent {
  readonly projectId: string;
  readonly sessionId: string;
  readonly seq: number;
  readonly at: string;
  readonly category: string;
  readonly type: string;
}

/** After the first try so long, then so long, ...; after the last there is none. */
export const RETRY_DELAYS_SECONDS = [5, 30, 120, 600, 3_600, 10_800] as const;
export const MAX_TRIES = RETRY_DELAYS_SECONDS.length + 1;

export const DELIVERY_KEPT_DAYS = 7;

const MAX_TRIES_KEPT = 20;
const DAY_SECONDS = 86_400;
/** Up to this part more than the delay. */
const JITTER = 0.2;

const purgeAtOf = (now: Date) => Math.floor(now.getTime() / 1_000) + DELIVERY_KEPT_DAYS * DAY_SECONDS;

export const newDelivery = (
  { webhookId, deliveryId }: Pick<WebhookDelivery, 'webhookId' | 'deliveryId'>,
  event: DeliverableEvent,
  now: Date,
): WebhookDelivery => ({
  webhookId,
  deliveryId,
  sessionId: event.sessionId,
  eventSeq: event.seq,
  eventType: event.type,
  body: JSON.stringify(event),
  status: 'pending',
  round: 1,
  tryCount: 0,
  tries: [],
  nextTryAt: now.toISOString(),
  createdAt: now.toISOString(),
  purgeAt: purgeAtOf(now),
});

/** Any answer of 2xx that came as it should. */
export const isAccepted = ({ status, error }: DeliveryTry): boolean =>
  error === undefined && status !== undefined && status >= 200 && status < 300;

/** What a try, or somebody who asks for one, changes of a delivery. */
export type DeliveryChanges = Pick<WebhookDelivery, 'status' | 'tryCount' | 'tries'> &
  Partial<Pick<WebhookDelivery, 'round' | 'nextTryAt' | 'purgeAt' | 'failedWebhookId'>>;

/** What a try makes of a delivery. `random` is from 0 to 1: receivers that come back are not asked by all at once. */
export function afterTry(
  delivery: WebhookDelivery,
  made: DeliveryTry,
  now: Date,
  random: number,
): DeliveryChanges {
  const tryCount = delivery.tryCount + 1;
  const tries = [...delivery.tries, made].slice(-MAX_TRIES_KEPT);
  if (isAccepted(made)) return { status: 'delivered', tryCount, tries };
  const delaySeconds = RETRY_DELAYS_SECONDS[tryCount - 1];
  if (delaySeconds === undefined)
    return { status: 'failed', tryCount, tries, failedWebhookId: delivery.webhookId };
  const nextTryAt = new Date(now.getTime() + delaySeconds * 1_000 * (1 + JITTER * random)).toISOString();
  return { status: 'pending', tryCount, tries, nextTryAt };
}

/** Its webhook is disabled: no more tries, until somebody asks for them. */
export const givenUp = ({ webhookId, tryCount, tries }: WebhookDelivery): DeliveryChanges => ({
  status: 'failed',
  tryCount,
  tries,
  failedWebhookId: webhookId,
});

/** From the beginning, whatever has become of it. */
export const askedAgain = ({ round, tries }: WebhookDelivery, now: Date): DeliveryChanges => ({
  status: 'pending',
  round: round + 1,
  tryCount: 0,
  tries,
  nextTryAt: now.toISOString(),
  purgeAt: purgeAtOf(now),
});

/** As clients see it. */
export const toDeliveryView = (delivery: WebhookDelivery) => ({
  id: delivery.deliveryId,
  webhookId: delivery.webhookId,
  sessionId: delivery.sessionId,
  eventSeq: delivery.eventSeq,
  eventType: delivery.eventType,
  status: delivery.status,
  createdAt: delivery.createdAt,
  nextTryAt: (delivery.status === 'pending' ? delivery.nextTryAt : undefined) ?? null,
  tries: delivery.tries.map(({ at, durationMs, status = null, error = null }) => ({
    at,
    durationMs,
    status,
    error,
  })),
});
