import type { Platform, PlatformOptions } from '../subjects/platform.ts';
import type { Figure } from './figure.ts';
import type { Turns } from './in-turns.ts';

/** What a part is given by the run that it is part of. */
export interface Bench {
  /** The `npm start` of these options: the one of the part before, where its options were the same. */
  platform(options: PlatformOptions): Promise<Platform>;
  /** As many rounds as are usual, more or fewer as the run was asked for, within its time. */
  turns(usualRounds: number): Turns;
  /** Something that belongs under the table. */
  note(text: string): void;
}

/** One file of bench/. */
export interface Part {
  readonly name: string;
  /** What it measures beside what, in a sentence. */
  readonly what: string;
  /** Takes longer than a default run may. */
  readonly isOnRequest?: boolean;
  run(bench: Bench): Promise<readonly Figure[]>;
}

/** How many containers wait where a part says nothing else: as `npm start` has it. */
export const USUAL_WARM = 1;
export const COLD = { warm: 0 } as const;
export const USUAL = { warm: USUAL_WARM } as const;
