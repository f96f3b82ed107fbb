import { until } from '../../tests/e2e/support/until.ts';

const READINGS = 10;
const WITHIN = 0.01;
const LIMIT_MS = 20_000;

/** A value that goes up and down while a process settles: read until the last readings hardly differ. */
export async function untilSteady(read: () => number): Promise<number> {
  const last: number[] = [];
  return until(
    'the reading is steady',
    async () => {
      last.push(read());
      if (last.length > READINGS) last.shift();
      const isSteady =
        last.length === READINGS && Math.max(...last) - Math.min(...last) < WITHIN * Math.max(...last);
      return isSteady ? last.at(-1) : undefined;
    },
    LIMIT_MS,
  );
}
