/** bench/goals.json: what each figure is to be, and whether it is. */
import * as z from 'zod';
import type { Result } from './figure.ts';
import type { Summary } from './statistics.ts';

const KINDS = {
  ratio: 'the median, in medians of the baseline',
  added: 'what comes on top of the baseline, in the unit of the figure',
  tail: 'the 99th percentile, in medians of the figure itself',
  value: 'the figure itself, in its unit: true of the machine that measured it',
} as const;

const GOAL = z
  .strictObject({
    figure: z.string().min(1),
    kind: z.enum(Object.keys(KINDS) as (keyof typeof KINDS)[]),
    of: z.enum(['median', 'p95', 'p99', 'max']).default('median'),
    atMost: z.number().optional(),
    atLeast: z.number().optional(),
    why: z.string().min(1),
  })
  .refine(({ atMost, atLeast }) => (atMost === undefined) !== (atLeast === undefined), {
    error: 'a goal has either atMost or atLeast',
  });

export type Goal = z.infer<typeof GOAL>;

export const parseGoals = (text: string): readonly Goal[] => z.array(GOAL).parse(JSON.parse(text));

/** `out of reach`: what the floor of the same run misses too. */
export type Verdict = 'met' | 'fell behind' | 'out of reach' | 'told only' | 'not measured';

export interface Judged {
  readonly goal: Goal;
  readonly value: number;
  /** What the floor has, as the goal counts; NaN where there is none. */
  readonly floor: number;
  readonly unit: string;
  readonly verdict: Verdict;
}

// What depends on how fast the machine is: it says nothing about a change where machines differ.
const isOfTheMachine = ({ kind }: Goal, unit: string): boolean =>
  (kind === 'value' || kind === 'added') && ['ms', '/s', 'MB/s'].includes(unit);

/** `measured`: the figure, or its floor, beside the same baseline. */
function measuredOf({ kind, of }: Goal, measured: Summary, baseline: Summary | undefined): number {
  if (kind === 'ratio') return measured[of] / (baseline?.[of] ?? Number.NaN);
  if (kind === 'added') return measured[of] - (baseline?.[of] ?? Number.NaN);
  if (kind === 'tail') return measured.p99 / measured.median;
  return measured[of];
}

const isWithin = (
  { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }: Goal,
  value: number,
): boolean => value <= atMost && value >= atLeast;

/**
 * Each goal beside what was measured. Where `tellsTimes`, absolute times are judged as well; elsewhere (in CI, where the
 * machine is anybody's) they are told and decide nothing. A figure that lost attempts or has no sample has fallen behind;
 * one whose floor misses the goal as well is out of reach: the machine, and not what was built, decides that one.
 */
export const judge = (
  goals: readonly Goal[],
  results: readonly Result[],
  { judgesTimes }: { readonly judgesTimes: boolean },
): readonly Judged[] =>
  goals.map((goal) => {
    const result = results.find(({ name }) => name === goal.figure);
    if (result === undefined)
      return { goal, value: Number.NaN, floor: Number.NaN, unit: '', verdict: 'not measured' };
    const { baseline, floor: least } = result;
    const value = measuredOf(goal, result, baseline);
    const floor = least === undefined ? Number.NaN : measuredOf(goal, least, baseline);
    const unit = goal.kind === 'ratio' || goal.kind === 'tail' ? 'times' : result.unit;
    const verdictOf = (): Verdict => {
      if (result.failed > 0) return 'fell behind';
      if (isWithin(goal, value)) return 'met';
      if (!judgesTimes && isOfTheMachine(goal, result.unit)) return 'told only';
      return Number.isNaN(floor) || isWithin(goal, floor) ? 'fell behind' : 'out of reach';
    };
    return { goal, value, floor, unit, verdict: verdictOf() };
  });

export const hasFallenBehind = (judged: readonly Judged[]): boolean =>
  judged.some(({ verdict }) => verdict === 'fell behind');
