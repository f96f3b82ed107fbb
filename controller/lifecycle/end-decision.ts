import { type EndReason, MAX_DETAIL_CHARACTERS } from '../../core/domain/end-reason.ts';
import { redactText } from '../../core/log/redact.ts';

/** Why and how the session ends. */
export interface EndDecision {
  readonly reason: EndReason;
  readonly detail?: string | undefined;
  /** The process's exit code: not 0 only for a fault of the controller itself. */
  readonly exitCode: number;
}

/** The one end of a session; whoever is first decides it. */
export interface SessionEnd {
  /** Only the first call counts. */
  decide(reason: EndReason, detail?: string, exitCode?: number): void;
  isDecided(): boolean;
  /** Aborts when the end is decided. */
  readonly signal: AbortSignal;
  readonly decision: Promise<EndDecision>;
}

export function createSessionEnd(): SessionEnd {
  const deciding = new AbortController();
  const { promise, resolve } = Promise.withResolvers<EndDecision>();
  return {
    decide(reason, detail, exitCode = 0) {
      if (deciding.signal.aborted) return;
      deciding.abort();
      resolve({ reason, detail, exitCode });
    },
    isDecided: () => deciding.signal.aborted,
    signal: deciding.signal,
    decision: promise,
  };
}

/** The details that there are, as one bounded text without credentials. */
export function joinDetails(...details: readonly (string | undefined)[]): string | undefined {
  const text = details.filter((detail) => detail !== undefined && detail !== '').join('. ');
  return text === '' ? undefined : redactText(text).slice(0, MAX_DETAIL_CHARACTERS).toWellFormed();
}
