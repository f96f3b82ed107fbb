/** bench/goals.json: what each figure is to be, and whether it is. */
import * as z from 'zod';
import { type Result, ratioOf } from './figure.ts';

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

export type Verdict = 'met' | 'fell behind' | 'told only' | 'not measured';

export interface Judged {
  readonly goal: Goal;
  readonly value: number;
  readonly unit: string;
  readonly verdict: Verdict;
}

// What depends on how fast the machine is: it says nothing about a change where machines differ.
const isOfTheMachine = ({ kind }: Goal, unit: string): boolean =>
  (kind === 'value' || kind === 'added') && ['ms', '/s', 'MB/s'].includes(unit);

function measuredOf({ kind, of }: Goal, result: Result): number {
  if (kind === 'ratio')
    return of === 'median' ? ratioOf(result) : result[of] / (result.baseline?.[of] ?? Number.NaN);
  if (kind === 'added') return result[of] - (result.baseline?.[of] ?? Number.NaN);
  if (kind === 'tail') return result.p99 / result.median;
  return result[of];
}

/**
 * Each goal beside what was measured. Where `tellsTimes`, absolute times are judged as well; elsewhere (in CI, where the
 * machine is anybody's) they are told and decide nothing. A figure that lost attempts or has no sample has fallen behind.
 */
export const judge = (
  goals: readonly Goal[],
  results: readonly Result[],
  { judgesTimes }: { readonly judgesTimes: boolean },
): readonly Judged[] =>
  goals.map((goal) => {
    const result = results.find(({ name }) => name === goal.figure);
    if (result === undefined) return { goal, value: Number.NaN, unit: '', verdict: 'not measured' };
    const value = measuredOf(goal, result);
    const isMet =
      value <= (goal.atMost ?? Number.POSITIVE_INFINITY) &&
      value >= (goal.atLeast ?? Number.NEGATIVE_INFINITY);
    const unit = goal.kind === 'ratio' || goal.kind === 'tail' ? 'times' : result.unit;
    const verdict = isMet && result.failed === 0 ? 'met' : 'fell behind';
    const isTold =
      verdict === 'fell behind' && result.failed === 0 && !judgesTimes && isOfTheMachine(goal, result.unit);
    return { goal, value, unit, verdict: isTold ? 'told only' : verdict };
  });

export const hasFallenBehind = (judged: readonly Judged[]): boolean =>
  judged.some(({ verdict }) => verdict === 'fell behind');
