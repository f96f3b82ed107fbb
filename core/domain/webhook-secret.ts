/** A secret as the Standard Webhooks specification writes it: `whsec_` and its bytes in base64. */
export interface WebhookSecret {
  readonly secret: string;
  readonly createdAt: string;
  /** Missing: it is the newest one. */
  readonly validUntil?: string;
}

const PREFIX = 'whsec_';
/** The specification asks for 24 to 64. */
export const SECRET_BYTES = 32;

/** How long the old one goes on beside the new one, unless it is revoked at once. */
export const OVERLAP_SECONDS = 86_400;

/** Signatures are in one header, and a receiver tries each of them. */
const MAX_OLD_SECRETS = 3;

type Secrets = readonly [WebhookSecret, ...WebhookSecret[]];

export const newSecret = (bytes: Buffer, at: Date): WebhookSecret => ({
  secret: `${PREFIX}${bytes.toString('base64')}`,
  createdAt: at.toISOString(),
});

/** The bytes that sign. */
export const keyOfSecret = ({ secret }: Pick<WebhookSecret, 'secret'>): Buffer =>
  Buffer.from(secret.slice(PREFIX.length), 'base64');

/** Those that an event is signed with, the newest first. */
export const validSecrets = ([newest, ...old]: Secrets, at: Date): Secrets => [
  newest,
  ...old.filter(({ validUntil = '' }) => Date.parse(validUntil) > at.getTime()),
];

/** The new one first. What was the newest is valid for as long as it is told; older ones not longer than that. */
export function rotateSecrets(secrets: Secrets, next: WebhookSecret, overlapSeconds: number): Secrets {
  const at = new Date(next.createdAt);
  const until = new Date(at.getTime() + overlapSeconds * 1_000).toISOString();
  const old = validSecrets(secrets, at).map((each) => ({
    ...each,
    validUntil: each.validUntil !== undefined && each.validUntil < until ? each.validUntil : until,
  }));
  const kept = overlapSeconds === 0 ? [] : old.slice(0, MAX_OLD_SECRETS);
  return [next, ...kept];
}
