import { openFloor } from './floor/floor.ts';
import { COLD, type Part } from './harness/part.ts';
import { measureCreates } from './subjects/creates.ts';

const ROUNDS = 20;

export const createCold: Part = {
  name: 'create-cold',
  what: 'a create that starts its container, until its Chrome has answered, beside a direct launch',
  async run(bench) {
    const platform = await bench.platform(COLD);
    const floor = await openFloor(platform);
    try {
      const creates = { name: this.name, ...bench.turns(ROUNDS) };
      return await measureCreates(platform, { ...creates, floor: { floor, start: 'cold' } });
    } finally {
      await floor.close();
    }
  },
};
