/** Ours and the baseline in turns, A B A B: a machine that is busy for a while is busy for both. */

/** Keeps one sample under a name. */
export type Take = (name: string, value: number) => void;

/** One attempt of one side. It takes its samples as it goes; when it throws, it counts as failed. */
export type Side = (take: Take) => Promise<void>;

export interface Turns {
  readonly rounds: number;
  /** No round begins after so long: fewer samples then, and their number is in the result. */
  readonly limitMs: number;
}

export interface Taken {
  samples(name: string): readonly number[];
  readonly failures: readonly string[];
}

export async function inTurns({ rounds, limitMs }: Turns, sides: readonly Side[]): Promise<Taken> {
  const kept = new Map<string, number[]>();
  const failures: string[] = [];
  const take: Take = (name, value) => {
    const samples = kept.get(name) ?? [];
    samples.push(value);
    kept.set(name, samples);
  };
  const endsAtMs = performance.now() + limitMs;
  for (let round = 0; round < rounds && performance.now() < endsAtMs; round++) {
    for (const side of sides) {
      await side(take).catch((error: Error) => {
        failures.push(error.message);
        console.error(`failed: ${error.message}`);
      });
    }
  }
  return { samples: (name) => kept.get(name) ?? [], failures };
}
