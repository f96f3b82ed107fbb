import { createHmac } from 'node:crypto';
import { keyOfSecret, type WebhookSecret } from '../domain/webhook-secret.ts';

export interface SignedMessage {
  /** The same each time that this message is sent: what a receiver knows it by. */
  readonly messageId: string;
  readonly body: string;
}

/**
 * The headers of the Standard Webhooks specification: with the time of this try, and a signature by each secret, so that a
 * receiver that has either of them takes it.
 */
export function signMessage(
  { messageId, body }: SignedMessage,
  secrets: readonly Pick<WebhookSecret, 'secret'>[],
  at: Date,
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = secrets.map((secret) => {
    const hmac = createHmac('sha256', keyOfSecret(secret)).update(`${messageId}.${timestamp}.${body}`);
    return `v1,${hmac.digest('base64')}`;
  });
  return {
    'webhook-id': messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
