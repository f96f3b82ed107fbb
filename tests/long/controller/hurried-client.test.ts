// A client that sends its page elsewhere while the platform begins to look at it: Chrome records and shows no page that is
// between two documents.
import { setTimeout } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunningController } from '../../../controller/testing/run-controller.ts';
import { sessionTests } from '../../../controller/testing/session-suite.ts';
import { castUrl, createWatcher } from '../../../controller/testing/watcher.ts';
import { connectCdp } from '../../e2e/support/cdp.ts';

const clients = suite('a client in a hurry');
const session = sessionTests(clients);

const ROUNDS = 6;
// What moves without a command.
const MOVING =
  'data:text/html,<style>h1{animation:a 1s infinite}@keyframes a{to{opacity:0}}</style><h1>moves</h1>';
const PAUSE = 'new Promise((resolve) => setTimeout(resolve, 100))';

/** A bare client in the first page, which it has told nothing yet. */
async function enter(controller: RunningController) {
  const client = await connectCdp((await controller.ready()).connectUrl);
  const { result } = await client.send('Target.getTargets');
  const { targetInfos } = result as { targetInfos: { type: string; targetId: string }[] };
  const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId;
  const attached = await client.send('Target.attachToTarget', { targetId, flatten: true });
  const { sessionId } = attached.result as { sessionId: string };
  return {
    goTo: (url: string) => client.send('Page.navigate', { url }, sessionId),
    pause: () => client.send('Runtime.evaluate', { expression: PAUSE, awaitPromise: true }, sessionId),
    close: () => client.close(),
  };
}

// Of six sessions two had a film, when such a page was not tried again.
for (let round = 1; round <= ROUNDS; round += 1) {
  session(
    `has a film of the page that it goes to at once: ${round} of ${ROUNDS}`,
    async ({ platform, start }) => {
      const controller = await start({ settings: { recordSession: true } });
      const client = await enter(controller);
      await client.goTo(MOVING);
      for (let step = 0; step < 30; step += 1) await client.pause();
      await client.close();
      await controller.exited;
      assert.ok(platform.state.recordings.has('0/index'), [...platform.state.recordings.keys()].join());
    },
  );
}

// Of eight live views none showed a picture any more.
for (let round = 1; round <= ROUNDS; round += 1) {
  session(`is shown to who came while it went: ${round} of ${ROUNDS}`, async ({ site, start }) => {
    const controller = await start();
    const client = await enter(controller);
    let isGoing = true;
    async function go(): Promise<void> {
      for (let step = 0; isGoing; step += 1) await client.goTo(step % 2 === 0 ? site.url : MOVING);
      await client.goTo(MOVING);
    }
    const gone = go();
    // Each comes at another moment of it.
    await setTimeout(round * 100);
    const watcher = createWatcher(await castUrl(controller));
    await watcher.isTold('pages');
    isGoing = false;
    await gone;
    const { length } = watcher.frames;
    await watcher.until('three more pictures', () => watcher.frames.length >= length + 3);
    watcher.close();
    await client.close();
    await controller.exited;
  });
}

clients.run();
