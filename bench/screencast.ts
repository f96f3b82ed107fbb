import type { CDPSession } from 'playwright-core';
import { inTurns, type Side } from './harness/in-turns.ts';
import { COLD, type Part } from './harness/part.ts';
import { timeMs } from './harness/time-ms.ts';
import { type BusyPage, serveBusyPage } from './subjects/busy-page.ts';
import { type DrivenSession, openDrivenSession } from './subjects/driven-session.ts';
import { type LiveViewer, openLiveViewer } from './subjects/live-viewer.ts';
import { treeMb } from './subjects/memory-mb.ts';
import { type MovingPage, serveMovingPage } from './subjects/moving-page.ts';
import { sessionCpuMs } from './subjects/session-cpu.ts';

const ROUNDS = 6;
/** A person's: with a pause after each, so that none waits for the interval between two pictures. */
const SEEN_CLICKS = 20;
const PAUSE_MS = 150;
/** One after the other without a pause: the most that a client can ask of a page. */
const LOOP_CLICKS = 60;
const MOVING_MS = 5_000;
const AT = { x: 300, y: 300 } as const;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** From a click at a live view to the picture that shows what it did, both through the session's proxy. */
const throughLiveView =
  (viewer: LiveViewer, { page }: DrivenSession, { stillUrl }: MovingPage): Side =>
  async (take) => {
    await page.goto(stillUrl);
    for (let click = 0; click < SEEN_CLICKS; click++) {
      await viewer.still(PAUSE_MS);
      const seen = viewer.nextPicture();
      const startMs = performance.now();
      viewer.click(AT.x, AT.y);
      take('seen-live', (await seen) - startMs);
    }
  };

/** The same by a client with a screencast of its own. */
const byClient =
  (cdp: CDPSession, { page }: DrivenSession, { stillUrl }: MovingPage): Side =>
  async (take) => {
    await page.goto(stillUrl);
    const params = { format: 'jpeg', quality: 60, everyNthFrame: 1 } as const;
    let onPicture = () => {};
    let lastMs = performance.now();
    const onFrame = ({ sessionId }: { sessionId: number }) => {
      lastMs = performance.now();
      onPicture();
      void cdp.send('Page.screencastFrameAck', { sessionId });
    };
    cdp.on('Page.screencastFrame', onFrame);
    await cdp.send('Page.startScreencast', params);
    for (let click = 0; click < SEEN_CLICKS; click++) {
      for (let restMs = PAUSE_MS; restMs > 0; restMs = lastMs + PAUSE_MS - performance.now())
        await pause(restMs);
      const mouse = { ...AT, button: 'left', clickCount: 1 } as const;
      const startMs = performance.now();
      const seen = new Promise<void>((resolve) => {
        onPicture = resolve;
      });
      void cdp.send('Input.dispatchMouseEvent', { type: 'mousePressed', buttons: 1, ...mouse });
      void cdp.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...mouse });
      await seen;
      take('seen-client', lastMs - startMs);
    }
    await cdp.send('Page.stopScreencast');
    cdp.off('Page.screencastFrame', onFrame);
  };

/** A page that moves, and then a loop of clicks. */
const side =
  (name: string, { page, controllerPid }: DrivenSession, moving: MovingPage, busy: BusyPage): Side =>
  async (take) => {
    await page.goto(moving.movingUrl);
    take(`moving-${name}`, await sessionCpuMs(controllerPid, () => pause(MOVING_MS)));
    take(`memory-${name}`, treeMb(controllerPid));
    await page.goto(busy.url);
    for (let click = 0; click < LOOP_CLICKS; click++)
      take(`click-${name}`, await timeMs(() => page.click('button')));
  };

export const screencast: Part = {
  name: 'screencast',
  what: 'from a click at a live view to the picture of what it did; what controller and Chrome take of a processor in a second of a page that moves, and of memory; and a click of a loop by Playwright, while one person watches',
  async run(bench) {
    const platform = await bench.platform(COLD);
    const [moving, busy] = [await serveMovingPage(), await serveBusyPage()];
    const watched = await openDrivenSession(platform, { logSession: false });
    const alone = await openDrivenSession(platform, { logSession: false });
    const { debuggerFullscreenUrl } = await platform.client.sessions.debug(watched.id);
    const viewer = await openLiveViewer(debuggerFullscreenUrl);
    const cdp = await alone.page.context().newCDPSession(alone.page);
    try {
      const { samples, failures } = await inTurns(bench.turns(ROUNDS), [
        throughLiveView(viewer, watched, moving),
        byClient(cdp, alone, moving),
        side('watched', watched, moving, busy),
        side('alone', alone, moving, busy),
      ]);
      const beside = (name: string) => ({
        samples: samples(`${name}-watched`),
        baseline: { name: 'nobody watches', samples: samples(`${name}-alone`) },
        failures,
      });
      return [
        {
          name: 'screencast.click-to-picture',
          unit: 'ms',
          samples: samples('seen-live'),
          baseline: { name: 'a client’s own screencast', samples: samples('seen-client') },
          failures,
        },
        { name: 'screencast.cpu-moving', unit: 'ms', ...beside('moving') },
        { name: 'screencast.click', unit: 'ms', ...beside('click') },
        { name: 'screencast.memory', unit: 'MB', ...beside('memory') },
      ];
    } finally {
      await viewer.close();
      await watched.release();
      await alone.release();
      await platform.rest();
      moving.close();
      busy.close();
    }
  },
};
