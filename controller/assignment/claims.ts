import { createHash } from 'node:crypto';
import { type ClaimAnswer, type ClaimedAssignment, parseAssignment } from '../../core/domain/claim.ts';
import type { Clock } from '../../core/domain/clock.ts';
import { type PublicKeys, type TokenClaims, TokenError } from '../../core/tokens/tokens.ts';
import { verifyToken } from '../../core/tokens/verify-token.ts';
import type { AssignmentSource } from './assignment.ts';
import type { ClaimKey } from './claim-key.ts';

/** Why a claim is not taken. Only `taken` and `unavailable` are final: the others leave the container as it was. */
export type ClaimRefusal = 'badToken' | 'unusable' | 'taken' | 'unavailable';

export type ClaimOutcome = { readonly answer: ClaimAnswer } | { readonly refusal: ClaimRefusal };

export interface ClaimsOptions {
  readonly warmId: string;
  readonly publicKeys: PublicKeys;
  readonly key: Pick<ClaimKey, 'open'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** `shut` until the container can serve a session, `over` when it will serve none any more. */
type State = 'shut' | 'open' | 'taken' | 'over';

/** The session of a container that waits for one: by a claim, of which it takes one in its life. */
export class Claims implements AssignmentSource {
  readonly #options: ClaimsOptions;
  readonly #assigned = Promise.withResolvers<ClaimedAssignment>();
  readonly #answered = Promise.withResolvers<ClaimOutcome>();
  #state: State = 'shut';
  #isAnswered = false;

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  next(): Promise<ClaimedAssignment> {
    return this.#assigned.promise;
  }

  /** From now on a claim is taken. */
  open(): void {
    if (this.#state === 'shut') this.#state = 'open';
  }

  /** No claim is taken any more. False when one was: it is too late to leave. */
  close(): boolean {
    if (this.#state === 'taken') return false;
    this.#state = 'over';
    return true;
  }

  /** What is wrong with a claim, as far as its token tells: its body need not be read then. */
  refusalOf(token: string): ClaimRefusal | null {
    if (this.#verify(token) === null) return 'badToken';
    if (this.#state === 'open') return null;
    return this.#state === 'taken' ? 'taken' : 'unavailable';
  }

  /** Takes a claim; resolves with what is to be answered to it. */
  async take(token: string, body: Buffer): Promise<ClaimOutcome> {
    const assignment = await this.#open(token, body);
    // After the last wait: another claim may have been faster, or the container be on its way out.
    const refusal = this.refusalOf(token) ?? (assignment === null ? 'unusable' : null);
    if (refusal !== null || assignment === null) return { refusal: refusal ?? 'unusable' };
    this.#state = 'taken';
    this.#assigned.resolve(assignment);
    return this.#answered.promise;
  }

  /** Whoever claimed it knows that the session is here. */
  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  answer(answer: ClaimAnswer): void {
    this.#isAnswered = true;
    this.#answered.resolve({ answer });
  }

  /** The session that was claimed cannot be served. After an answer it is too late to say so here. */
  fail(): void {
    this.#answered.resolve({ refusal: 'unavailable' });
  }

  #verify(token: string): TokenClaims | null {
    const { publicKeys, warmId, clock } = this.#options;
    try {
      const claims = verifyToken(publicKeys, token, { audience: 'claim', now: new Date(clock.now()) });
      return claims.warmId === warmId ? claims : null;
    } catch (error) {
      if (error instanceof TokenError) return null;
      throw error;
    }
  }

  /** Null when the body is another than the token's, or holds no assignment of its session. */
  async #open(token: string, body: Buffer): Promise<ClaimedAssignment | null> {
    const claims = this.#verify(token);
    if (claims === null || claims.bodyHash !== createHash('sha256').update(body).digest('base64url'))
      return null;
    try {
      const assignment = parseAssignment(await this.#options.key.open(body));
      const isOfToken =
        assignment.sessionId === claims.sessionId && assignment.projectId === claims.projectId;
      return isOfToken ? assignment : null;
    } catch {
      // Sealed to somebody else, or no assignment: whatever it is, it says nothing that could be logged.
      return null;
    }
  }
}
