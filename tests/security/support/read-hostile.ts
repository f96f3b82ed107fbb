/** Reads a file from a stranger with the real component, and measures it. */
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { Figures } from './figures.ts';

export const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const numRuns = Math.ceil(Number(process.env.FUZZ_REQUESTS ?? 400) / 4);
const SLOWEST_MS = 5_000;

export const figures = new Figures();
const maxRss = () => process.resourceUsage().maxRSS * 1_024;
const before = maxRss();

/** What all of it has taken of this process, the inputs themselves and the test included. */
export const grownBytes = (): number => maxRss() - before;

type Kind = abstract new (...args: never) => Error;

/** What was wrong with it: an error of the kinds that a client hears by its reason; undefined: it is taken. */
export async function faultOf(
  what: string,
  read: () => unknown,
  kinds: readonly Kind[],
): Promise<string | undefined> {
  const startedAt = performance.now();
  const outcome = await Promise.resolve()
    .then(read)
    .then(
      () => undefined,
      (error: Error) => error,
    );
  const tookMs = performance.now() - startedAt;
  figures.note(what, tookMs, outcome !== undefined);
  figures.noteMemory(grownBytes());
  if (outcome !== undefined && !kinds.some((kind) => outcome instanceof kind)) throw outcome;
  assert.ok(tookMs < SLOWEST_MS, `${what}: ${tookMs} ms`);
  return outcome?.message;
}

/** A good one of which something is changed: cut, turned around, repeated, or a byte or two of it. */
const nearly = (good: Buffer): fc.Arbitrary<Buffer> =>
  fc.oneof(
    fc.nat(good.length).map((at) => good.subarray(0, at)),
    fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
      .map((changes) => {
        const copy = Buffer.from(good);
        for (const [at, value] of changes) copy[at] = value;
        return copy;
      }),
    fc
      .tuple(fc.nat(good.length), fc.nat(good.length))
      .map(([from, to]) => Buffer.concat([good.subarray(0, to), good.subarray(from)])),
    fc
      .tuple(fc.nat(good.length), fc.uint8Array({ maxLength: 600 }))
      .map(([at, more]) => Buffer.concat([good.subarray(0, at), more, good.subarray(at)])),
  );

/** Many that are nearly right; `read` fails for what is neither taken nor refused by its reason. */
export async function tryNearly(
  what: string,
  good: Buffer,
  read: (bytes: Buffer) => Promise<unknown>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(nearly(good), async (bytes) => void (await read(Buffer.from(bytes)))),
    { seed, numRuns, endOnFailure: true, includeErrorInReport: true },
  );
  console.log(`${numRuns} x ${what} that is nearly right`);
}
