import { CLAIM_CONTENT_TYPE, CLAIM_PATH } from '../../core/domain/claim.ts';
import { CONTAINER_START } from '../../core/domain/timing.ts';
import type { ClaimKey } from '../assignment/claim-key.ts';
import { readText, sendRequest } from '../container-api/http-request.ts';

export interface Rehearsal {
  /** The proxy's own. */
  readonly origin: string;
  /** The container's own token: well signed, and none that claims. */
  readonly token: string;
  readonly key: ClaimKey;
}

/**
 * The way of a claim, by the container itself and before anybody waits for it: a process does for the first time what it
 * then does in half of the time. The token is refused, as it is none of a claim, and what was sealed is thrown away.
 */
export async function rehearseClaim({ origin, token, key }: Rehearsal): Promise<void> {
  const sealed = await key.seal({ rehearsal: true });
  await key.open(Buffer.from(sealed));
  const answer = await sendRequest({
    method: 'POST',
    url: `${origin}${CLAIM_PATH}/${token}`,
    headers: { 'content-type': CLAIM_CONTENT_TYPE },
    body: sealed,
    silenceMs: CONTAINER_START.proofMs,
  });
  await readText(answer);
  if (answer.statusCode !== 401) throw new Error(`A claim that is none was answered ${answer.statusCode}`);
}
