/** How many warm containers a pool wants: the rule of the platform, and the one that it is compared with. */
import { keptWarm, type Wanted, wantedWarm } from '../../core/domain/warm-pool.ts';

export interface WarmRule {
  /** How many there are to be. Pure, as the next one. */
  readonly wanted: (wish: Wanted) => number;
  /** How many are not ended as too many. */
  readonly kept: (wish: Wanted) => number;
}

/** Always the most. */
export const fixedRule: WarmRule = { wanted: ({ sizes }) => sizes.max, kept: ({ sizes }) => sizes.max };

/** As the keeper of the platform has it. */
export const demandRule: WarmRule = { wanted: wantedWarm, kept: keptWarm };
