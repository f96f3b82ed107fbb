import { CLAIM_CONTENT_TYPE, CLAIM_PATH, type ClaimAnswer } from '../../core/domain/claim.ts';
import type { Clock } from '../../core/domain/clock.ts';
import { isObject } from '../../core/domain/is-object.ts';
import { WARM } from '../../core/domain/timing.ts';

/** A claim was not taken. Says why in words of ours: what `fetch` throws may hold the URL, and with it the token. */
export class ClaimNotTakenError extends Error {
  override readonly name = 'ClaimNotTakenError';
}

export interface Claim {
  /** Where the container's clients reach it. */
  readonly httpOrigin: string;
  readonly token: string;
  /** The sealed assignment. */
  readonly body: string;
}

export interface SendClaimDeps {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly answerMs?: number;
}

// An answer is a line of JSON.
const MAX_ANSWER_BYTES = 1_024;

/** Posts a claim to its container. Throws a ClaimNotTakenError unless the container took it, and said so in time. */
export async function sendClaim(
  { fetch, clock, answerMs = WARM.claimAnswerMs }: SendClaimDeps,
  { httpOrigin, token, body }: Claim,
): Promise<ClaimAnswer> {
  const stop = new AbortController();
  const cancel = clock.setTimer(answerMs, () => stop.abort());
  try {
    const response = await fetch(`${httpOrigin}${CLAIM_PATH}/${token}`, {
      method: 'POST',
      headers: { 'content-type': CLAIM_CONTENT_TYPE },
      body,
      redirect: 'error',
      signal: stop.signal,
    });
    return readAnswer(response.status, await readBounded(response));
  } catch (error) {
    if (error instanceof ClaimNotTakenError) throw error;
    throw new ClaimNotTakenError(stop.signal.aborted ? `no answer within ${answerMs} ms` : faultOf(error));
  } finally {
    cancel();
    // What is left of an answer is of no use.
    stop.abort();
  }
}

/** The code of a socket's fault, such as ECONNREFUSED, and nothing else of it. */
function faultOf(error: unknown): string {
  const { code } = (error instanceof Error ? (error.cause ?? {}) : {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : 'the connection failed';
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new ClaimNotTakenError('an answer that is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function readAnswer(status: number, text: string): ClaimAnswer {
  if (status !== 200 && status !== 202) throw new ClaimNotTakenError(`HTTP ${status}`);
  const answer = parseJson(text);
  if (isObject(answer)) {
    const { status: said, sandbox } = answer;
    if (status === 202 && said === 'restoring') return { status: said };
    if (status === 200 && said === 'ready' && (sandbox === 'on' || sandbox === 'off'))
      return { status: said, sandbox };
  }
  throw new ClaimNotTakenError(`HTTP ${status} with an answer that is none`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
