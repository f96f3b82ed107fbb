import { inTurns } from './harness/in-turns.ts';
import { COLD, type Part } from './harness/part.ts';
import { startDirectChrome } from './subjects/direct-chrome.ts';
import { firstAnswer } from './subjects/first-answer.ts';
import { pssMb, treeMb } from './subjects/memory-mb.ts';
import { untilSteady } from './subjects/until-steady.ts';

const ROUNDS = 5;

export const density: Part = {
  name: 'density',
  what: 'what a session takes (PSS): its controller, and its Chrome beside a direct one, each with one client and a blank page',
  async run(bench) {
    const platform = await bench.platform(COLD);
    const { client } = platform;
    const { samples, failures } = await inTurns(bench.turns(ROUNDS), [
      async (take) => {
        const session = await client.sessions.create();
        const cdp = await firstAnswer(session.connectUrl);
        const { chrome, controllerPid } = platform.onlyChrome();
        take('chrome', await untilSteady(() => treeMb(chrome.pid)));
        take('controller', pssMb(controllerPid));
        await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
        await cdp.closed;
        await platform.rest();
      },
      async (take) => {
        const chrome = await startDirectChrome(platform.chromePath);
        try {
          const cdp = await firstAnswer(chrome.url);
          take('direct', await untilSteady(() => treeMb(chrome.pid)));
          cdp.cut();
        } finally {
          await chrome.stop();
        }
      },
    ]);
    const baseline = { name: 'direct Chrome', samples: samples('direct') };
    return [
      { name: 'density.controller', unit: 'MB', samples: samples('controller'), failures },
      { name: 'density.chrome', unit: 'MB', samples: samples('chrome'), baseline, failures },
    ];
  },
};
