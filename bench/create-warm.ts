import { openFloor } from './floor/floor.ts';
import { type Part, USUAL } from './harness/part.ts';
import { measureCreates } from './subjects/creates.ts';

const ROUNDS = 40;

export const createWarm: Part = {
  name: 'create-warm',
  what: 'the same with a container that waits: each create begins when the pool is full again',
  async run(bench) {
    const platform = await bench.platform(USUAL);
    if ((await platform.warmAvailable()) === undefined) {
      bench.note('create-warm: nothing measured, this build has no warm pool');
      return [];
    }
    const floor = await openFloor(platform);
    try {
      const creates = { name: this.name, ...bench.turns(ROUNDS) };
      return await measureCreates(platform, { ...creates, floor: { floor, start: 'warm' } });
    } finally {
      await floor.close();
    }
  },
};
