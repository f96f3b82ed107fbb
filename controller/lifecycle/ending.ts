import type { EndReason } from '../../core/domain/end-reason.ts';
import { redactText } from '../../core/log/logger.ts';

/** Why and how the session ends; decided once, by whoever is first. */
export interface Ending {
  readonly reason: EndReason;
  readonly detail?: string | undefined;
  /** The process's exit code: not 0 only for a fault of the controller itself. */
  readonly exitCode: number;
}

export const MAX_DETAIL_CHARACTERS = 1000;

/** The details that there are, as one bounded text without credentials. */
export function joinDetails(...details: readonly (string | undefined)[]): string | undefined {
  const text = details.filter((detail) => detail !== undefined && detail !== '').join('. ');
  return text === '' ? undefined : redactText(text).slice(0, MAX_DETAIL_CHARACTERS).toWellFormed();
}
