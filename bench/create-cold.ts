import { COLD, type Part } from './harness/part.ts';
import { measureCreates } from './subjects/creates.ts';

const ROUNDS = 20;

export const createCold: Part = {
  name: 'create-cold',
  what: 'a create that starts its container, until its Chrome has answered, beside a direct launch',
  async run(bench) {
    const platform = await bench.platform(COLD);
    return measureCreates(platform, { name: this.name, ...bench.turns(ROUNDS) });
  },
};
