import { FLOOR_NAME, type Floor, type FloorSession, openFloor } from './floor/floor.ts';
import { inTurns, type Side } from './harness/in-turns.ts';
import { COLD, type Part } from './harness/part.ts';
import { type DirectChrome, startDirectChrome } from './subjects/direct-chrome.ts';
import { firstAnswer } from './subjects/first-answer.ts';
import type { Platform } from './subjects/platform.ts';

const ROUNDS = 4;
const AT_A_TIME = 10;
const SECOND_MS = 1000;

const all = <T>(one: () => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: AT_A_TIME }, one));

/** Usable: Chrome has answered its client. */
async function ratePerSecond(start: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await all(start);
  return (AT_A_TIME * SECOND_MS) / (performance.now() - startedAt);
}

const sessions =
  ({ client, rest }: Platform): Side =>
  async (take) => {
    await rest();
    const created: string[] = [];
    const start = async () => {
      const { id, connectUrl } = await client.sessions.create();
      created.push(id);
      (await firstAnswer(connectUrl)).cut();
    };
    try {
      take('ours', await ratePerSecond(start));
    } finally {
      for (const id of created) await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
      await rest();
    }
  };

const launches =
  ({ chromePath }: Platform): Side =>
  async (take) => {
    const started: DirectChrome[] = [];
    const start = async () => {
      const chrome = await startDirectChrome(chromePath);
      started.push(chrome);
      (await firstAnswer(chrome.url)).cut();
    };
    try {
      take('raw', await ratePerSecond(start));
    } finally {
      await Promise.all(started.map(({ stop }) => stop()));
    }
  };

/** Each with a container's process of its own, and the exchanges of a create. */
const least =
  (floor: Floor): Side =>
  async (take) => {
    const created: FloorSession[] = [];
    const start = async () => {
      const session = await floor.create('cold');
      created.push(session);
      (await firstAnswer(session.url)).cut();
    };
    try {
      take('least', await ratePerSecond(start));
    } finally {
      for (const session of created) await session.release();
      await floor.rest();
    }
  };

export const startsPerSecond: Part = {
  name: 'starts-per-second',
  what: `usable starts a second, ${AT_A_TIME} at once and cold, beside as many direct launches`,
  async run(bench) {
    const platform = await bench.platform(COLD);
    const opened = await openFloor(platform);
    try {
      const { samples, failures } = await inTurns(bench.turns(ROUNDS), [
        sessions(platform),
        launches(platform),
        least(opened),
      ]);
      const baseline = { name: 'direct launches', samples: samples('raw') };
      const floor = { name: FLOOR_NAME, samples: samples('least') };
      return [{ name: `${this.name}.ten`, unit: '/s', samples: samples('ours'), baseline, floor, failures }];
    } finally {
      await opened.close();
    }
  },
};
