import type { IncomingMessage, ServerResponse } from 'node:http';
import { CLAIM_PATH, type ClaimAnswer, MAX_CLAIM_BYTES } from '../../core/domain/claim.ts';
import { type Refusal, refuseRequest } from '../../core/server/refusal.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import type { ProxyLimits } from './limits.ts';
import { REFUSALS } from './refusals.ts';

const REFUSED = {
  badToken: REFUSALS.badToken,
  unusable: REFUSALS.unusableClaim,
  taken: REFUSALS.taken,
  unavailable: REFUSALS.notClaimable,
} as const;

type Refused = keyof typeof REFUSED;

/** Who decides about claims, and answers them (controller/assignment/claims.ts). */
export interface ClaimDoor {
  refusalOf(token: string): Refused | null;
  take(
    token: string,
    body: Buffer,
  ): Promise<{ readonly answer: ClaimAnswer } | { readonly refusal: Refused }>;
}

const PREFIX = `${CLAIM_PATH}/`;
const STATUS = { ready: 200, restoring: 202 } as const satisfies Record<ClaimAnswer['status'], number>;
// What is left of the body is not waited for.
const CLOSES = { connection: 'close' };

/** The token of a claim's path; null for any other path. */
export const claimTokenOf = (path: string): string | null =>
  path.startsWith(PREFIX) ? path.slice(PREFIX.length) : null;

/** Hands a session over, or says why not. A body is read only with a token that could open this container. */
export async function serveClaim(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  { claims, limits }: { readonly claims: ClaimDoor; readonly limits: Pick<ProxyLimits, 'claimBodyMs'> },
): Promise<void> {
  const refuse = (refusal: Refusal) => refuseRequest(response, { ...refusal, headers: CLOSES });
  const refused = claims.refusalOf(token);
  if (refused !== null) return refuse(REFUSED[refused]);
  const body = await withTimeout(readBody(request), limits.claimBodyMs);
  if (body === undefined) return refuse(REFUSALS.slowClaim);
  if (body === null) return refuse(REFUSALS.largeClaim);
  const outcome = await claims.take(token, body);
  if ('refusal' in outcome) return refuse(REFUSED[outcome.refusal]);
  response.writeHead(STATUS[outcome.answer.status], {
    'content-type': 'application/json',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(outcome.answer));
}

/** Null: longer than a claim can be; the rest of it is not read. */
function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_CLAIM_BYTES) return chunks.push(chunk);
      request.removeAllListeners('data');
      return resolve(null);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
  });
}
