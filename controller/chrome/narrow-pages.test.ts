import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ChromeGoneError, ChromeRefusedError } from './connection.ts';
import { windowOf } from './flags.ts';
import type { Json } from './json.ts';
import { narrowPages } from './narrow-pages.ts';
import type { OwnEventListener } from './own-messages.ts';
import type { Sizes } from './resize-windows.ts';

const narrow = suite('pages narrower than a window');

const VIEWPORT = { width: 390, height: 844 };
const LAUNCHED = { width: 1_288, height: 711 };
const ANSWERS: Readonly<Record<string, Json>> = {
  'Target.attachToBrowserTarget': { sessionId: 'WATCHER' },
  'Browser.getWindowForTarget': { windowId: 1, bounds: windowOf(LAUNCHED) },
  'Page.getLayoutMetrics': { cssLayoutViewport: { clientWidth: 500 } },
};

/** A Chrome with these pages, each of which refuses its viewport with the error it is given. */
function start(pages: Readonly<Record<string, Error | undefined>> = {}, sizes?: Sizes) {
  const steps: string[] = [];
  let onEvent: OwnEventListener = () => assert.unreachable('nobody listens');
  let onLeft: (targetId: string) => void = () => assert.unreachable('nobody listens');
  const appear = (page: string) =>
    onEvent('Target.attachedToTarget', { sessionId: page, targetInfo: { targetId: `T-${page}` } });
  const connection = {
    leftEmulation: {
      isHeld: () => false,
      listen(_kind: string, listener: typeof onLeft) {
        onLeft = listener;
      },
    },
    listen(cdpSessionId: string, listener: OwnEventListener) {
      assert.is(cdpSessionId, 'WATCHER');
      onEvent = listener;
    },
    async call(method: string, params: object = {}, cdpSessionId = 'browser'): Promise<Json> {
      steps.push(`${cdpSessionId} ${method}`);
      if (method === 'Browser.setWindowBounds')
        assert.equal((params as { bounds: unknown }).bounds, windowOf({ ...VIEWPORT, width: 500 }));
      if (method === 'Target.setAutoAttach') {
        assert.equal((params as { filter: unknown }).filter, [{ type: 'page' }]);
        for (const page of Object.keys(pages)) appear(page);
      }
      if (method === 'Emulation.setDeviceMetricsOverride') {
        assert.equal(params, { ...VIEWPORT, deviceScaleFactor: 0, mobile: false });
        const refusal = pages[cdpSessionId];
        if (refusal !== undefined) throw refusal;
      }
      return ANSWERS[method] ?? {};
    },
  };
  return {
    steps,
    appear,
    leave: (targetId: string) => onLeft(targetId),
    narrowing: narrowPages(connection, VIEWPORT, sizes),
  };
}
const turn = () => new Promise(setImmediate);

narrow('have their viewport before their first script runs', async () => {
  const { steps, narrowing } = start({ P1: undefined });
  await narrowing;
  assert.equal(steps, [
    'browser Target.attachToBrowserTarget',
    'WATCHER Target.setAutoAttach',
    'P1 Emulation.setDeviceMetricsOverride',
    'P1 Runtime.runIfWaitingForDebugger',
  ]);
});

narrow('have it when their window has its size, which takes an earlier one from them', async () => {
  const { steps, narrowing } = start({ P1: undefined }, { launched: LAUNCHED, wanted: VIEWPORT });
  await narrowing;
  assert.equal(steps.slice(2), [
    'browser Browser.getWindowForTarget',
    'browser Browser.setWindowBounds',
    'P1 Page.getLayoutMetrics',
    'P1 Emulation.setDeviceMetricsOverride',
    'P1 Runtime.runIfWaitingForDebugger',
  ]);
});

narrow('have it again when a client has left that gave them another', async () => {
  const { steps, narrowing, leave } = start({ P1: undefined });
  await narrowing;
  leave('T-unknown');
  leave('T-P1');
  await turn();
  assert.equal(steps.slice(4), [
    'P1 Emulation.clearDeviceMetricsOverride',
    'P1 Emulation.setDeviceMetricsOverride',
  ]);
});

narrow('have it when they come later, too', async () => {
  const { steps, narrowing, appear } = start();
  await narrowing;
  appear('P2');
  await turn();
  assert.equal(steps.slice(2), [
    'P2 Emulation.setDeviceMetricsOverride',
    'P2 Runtime.runIfWaitingForDebugger',
  ]);
});

for (const gone of [new ChromeRefusedError('Session with given id not found.'), new ChromeGoneError()]) {
  narrow(`are none when they go meanwhile (${gone.name}), and the others still are`, async () => {
    const { steps, narrowing } = start({ P1: gone, P2: undefined });
    await narrowing;
    assert.not(steps.includes('P1 Runtime.runIfWaitingForDebugger'));
    assert.ok(steps.includes('P2 Runtime.runIfWaitingForDebugger'));
  });
}

narrow('that fail by a fault of ours are not passed over', async () => {
  const { narrowing } = start({ P1: new TypeError('a fault') });
  assert.is(await narrowing.catch((error: Error) => error.message), 'a fault');
});

narrow.run();
