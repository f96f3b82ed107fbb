import type { Webhook } from '../domain/webhook.ts';
import type { DeliveryTry, WebhookDelivery } from '../domain/webhook-delivery.ts';
import { validSecrets } from '../domain/webhook-secret.ts';
import { fetchPublic, type PublicNetwork } from '../public-network/fetch-public.ts';
import { PublicNetworkError } from '../public-network/public-network-error.ts';
import type { ResolvedTarget } from '../public-network/resolve-target.ts';
import { signMessage } from './sign-message.ts';

/** What a receiver may take. The function that sends outlives it. */
export const RECEIVER_LIMITS = Object.freeze({
  connectMs: 5_000,
  headersMs: 10_000,
  totalMs: 10_000,
  /** Of the answer's body, which is not looked at. */
  maxBytes: 16 * 1024,
  /** A redirect is an answer, and no good one: who moves changes the URL. */
  maxRedirects: 0,
});

export type SendDelivery = (
  webhook: Pick<Webhook, 'endpoint' | 'secrets'>,
  delivery: Pick<WebhookDelivery, 'deliveryId' | 'body'>,
) => Promise<DeliveryTry>;

/** One try. Whatever the receiver does is an outcome; only a fault of ours is thrown. */
export const sendDelivery =
  (network: PublicNetwork, userAgent: string): SendDelivery =>
  async ({ endpoint, secrets }, { deliveryId, body }) => {
    const startedAtMs = network.clock.now();
    const at = new Date(startedAtMs);
    const headers = {
      'content-type': 'application/json',
      'user-agent': userAgent,
      ...signMessage({ messageId: deliveryId, body }, validSecrets(secrets, at), at),
    };
    const outcome = await fetchPublic(network, endpoint, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      body,
      limits: RECEIVER_LIMITS,
      isStartEnough: true,
      inspect: requireEncryption,
    }).then(({ status }) => ({ status }), toOutcome);
    return { at: at.toISOString(), durationMs: network.clock.now() - startedAtMs, ...outcome };
  };

/** Whether a name is of an owner's own networks shows here. */
function requireEncryption({ isSecure, isAllowed, host }: ResolvedTarget): void {
  if (isSecure || isAllowed) return;
  throw new PublicNetworkError('refused-address', `${host} is asked by https only`);
}

/** The fault's name is told, and not its sentence, which names the host. */
function toOutcome(error: unknown): Pick<DeliveryTry, 'error'> {
  if (error instanceof PublicNetworkError) return { error: error.fault };
  throw error;
}
