import { type Parser, text } from '../../core/config/env.ts';
import { WARM_VARIABLES } from '../../core/domain/container-environment.ts';
import { slotOfWarmId } from '../../core/domain/warm-container.ts';

/** Who a container is that waits for its session. */
export interface Warm {
  readonly warmId: string;
  /** With which it reports that it can be claimed. */
  readonly token: string;
  /** In ms since 1970: nobody claims it after that. */
  readonly untilMs: number;
}

const warmId: Parser<string> = (raw) => {
  const value = text()(raw);
  if (slotOfWarmId(value) === undefined) throw new Error('must be a slot and a UUID');
  return value;
};

const time: Parser<number> = (raw) => {
  const timeMs = Date.parse(text()(raw));
  if (Number.isNaN(timeMs)) throw new Error('must be a time (ISO 8601)');
  return timeMs;
};

export const WARM_START_VARIABLES = {
  warmId: [WARM_VARIABLES.warmId, warmId],
  warmToken: [WARM_VARIABLES.warmToken, text()],
  warmUntilMs: [WARM_VARIABLES.warmUntil, time],
} as const;
