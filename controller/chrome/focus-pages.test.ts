import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { focusPages } from './focus-pages.ts';
import type { Json } from './json.ts';
import type { OwnEventListener } from './own-messages.ts';
import { ChromeRefusedError } from './pending-calls.ts';

const focus = suite('pages that are not in front');

async function start({ refuses = false } = {}) {
  const steps: string[] = [];
  let onEvent: OwnEventListener = () => assert.unreachable('nobody listens');
  let onLeft: (targetId: string) => void = () => assert.unreachable('nobody listens');
  await focusPages({
    leftEmulation: {
      isHeld: () => false,
      listen(kind, listener) {
        assert.is(kind, 'focus');
        onLeft = listener;
      },
    },
    listen(cdpSessionId, listener) {
      assert.is(cdpSessionId, 'WATCHER');
      onEvent = listener;
    },
    async call(method, params: { enabled?: boolean } = {}, cdpSessionId = 'browser'): Promise<Json> {
      if (method === 'Target.attachToBrowserTarget') return { sessionId: 'WATCHER' };
      if (method === 'Target.setAutoAttach') return {};
      steps.push(`${cdpSessionId} ${method} ${params.enabled}`);
      if (refuses) throw new ChromeRefusedError('Session with given id not found.');
      return {};
    },
  });
  const tell = (method: string, page: string) => {
    const targetId = `T-${page}`;
    onEvent(method, { sessionId: page, targetId, targetInfo: { targetId } });
  };
  return { steps, tell, leave: (targetId: string) => onLeft(targetId) };
}
const enabled = (page: string, value: boolean) => `${page} Emulation.setFocusEmulationEnabled ${value}`;

focus('work as if they were', async () => {
  const { steps, tell } = await start();
  for (const page of ['P1', 'P2']) tell('Target.attachedToTarget', page);
  assert.equal(steps, [enabled('P1', true), enabled('P2', true)]);
});

focus('do so again when a client has left that had asked for it as well', async () => {
  const { steps, tell, leave } = await start();
  tell('Target.attachedToTarget', 'P1');
  leave('T-P1');
  assert.equal(steps.slice(1), [enabled('P1', false), enabled('P1', true)]);
});

focus('may be gone when they are asked, and are not asked after that', async () => {
  const { steps, tell, leave } = await start({ refuses: true });
  tell('Target.attachedToTarget', 'P1');
  await new Promise(setImmediate);
  tell('Target.detachedFromTarget', 'P1');
  leave('T-P1');
  assert.is(steps.length, 1);
});

focus.run();
