// Clients of one session beside each other: what one of them does, or does not do, is not the others' trouble.
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { RECORDER_LIMITS } from '../../controller/recording/limits.ts';
import { connectCdp } from './support/cdp.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

let wallcrawler: Wallcrawler;

const clients = suite('clients of one session');
clients.before(async () => {
  wallcrawler = await startWallcrawler();
});
clients.after(() => wallcrawler?.dispose());

/** A client that stops every new target at its start, and lets none go on; its event loop may then stand still. */
async function holdNewTargets(connectUrl: string): Promise<WebSocket> {
  const socket = new WebSocket(connectUrl, { perMessageDeflate: false });
  await once(socket, 'open');
  const params = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true };
  socket.send(JSON.stringify({ id: 1, method: 'Target.setAutoAttach', params }));
  await new Promise<void>((resolve) => {
    socket.on('message', (data) => JSON.parse(String(data)).id === 1 && resolve());
  });
  return socket;
}

const open = () => wallcrawler.client().sessions.create({ keepAlive: true });
const release = (id: string) => wallcrawler.client().sessions.update(id, { status: 'REQUEST_RELEASE' });

clients('do not wait for one that stands still: their new pages open, and the live view', async () => {
  const session = await open();
  const stopped = await holdNewTargets(session.connectUrl);
  stopped.pause();
  const cdp = await connectCdp(session.connectUrl);
  const { result } = await cdp.send('Target.createTarget', { url: 'about:blank' });
  const { targetId } = result as { targetId: string };
  const attached = await cdp.send('Target.attachToTarget', { targetId, flatten: true });
  const { sessionId } = attached.result as { sessionId: string };
  await cdp.send('Page.enable', {}, sessionId);
  const url = 'data:text/html,<title>hi</title>';
  await cdp.send('Page.navigate', { url }, sessionId);
  const expression = 'document.title';
  const said = await cdp.send('Runtime.evaluate', { expression, returnByValue: true }, sessionId);
  assert.is((said.result as { result: { value: string } }).result.value, 'hi');
  const { debuggerUrl } = await wallcrawler.client().sessions.debug(session.id);
  assert.is((await fetch(debuggerUrl)).status, 200);
  stopped.resume();
  const woken = once(stopped, 'message');
  stopped.send('{"id":2,"method":"Browser.getVersion"}');
  await woken;
  assert.is(stopped.readyState, stopped.OPEN);
  stopped.terminate();
  await release(session.id);
});

clients('hear nothing of what the platform opens for itself, and hold none of it', async () => {
  const session = await open();
  const holding = await holdNewTargets(session.connectUrl);
  holding.send('{"id":2,"method":"Target.setDiscoverTargets","params":{"discover":true}}');
  const heard: string[] = [];
  holding.on('message', (data) => heard.push(String(data)));
  const { debuggerUrl } = await wallcrawler.client().sessions.debug(session.id);
  assert.is((await fetch(debuggerUrl)).status, 200);
  const cdp = await connectCdp(session.connectUrl);
  const { result } = await cdp.send('Target.getTargets');
  const { targetInfos } = result as { targetInfos: { type: string }[] };
  assert.not(targetInfos.some(({ type }) => type === 'other'));
  assert.not(heard.some((text) => text.includes('"type":"other"') || text.includes('devtools://')));
  assert.is(holding.readyState, holding.OPEN);
  holding.terminate();
  await release(session.id);
});

clients(
  'get every screenshot of a tab that is not in front, and no frame of the platform’s own',
  async () => {
    const session = await open();
    const cdp = await connectCdp(session.connectUrl);
    const [back, front] = await Promise.all([cdp.openPage(), cdp.openPage()]);
    await cdp.send('Target.activateTarget', { targetId: front.targetId });
    const heard = new Set<string>();
    cdp.onEvent(({ method }) => heard.add(method));
    for (const _ of ['first', 'second', 'third']) {
      const { result } = await cdp.send('Page.captureScreenshot', {}, back.sessionId);
      assert.match((result as { data: string }).data, /^iVBORw0KGgo/);
    }
    assert.not([...heard].some((method) => method.startsWith('Page.screencast')));
    await release(session.id);
  },
);

clients('get an answer to each command, also to those under way to a page that closes', async () => {
  const session = await open();
  const cdp = await connectCdp(session.connectUrl);
  for (let round = 0; round < 5; round += 1) {
    const { result, error } = await cdp.send('Target.createTarget', { url: 'about:blank' });
    assert.is(error, undefined);
    const { targetId } = result as { targetId: string };
    const attached = await cdp.send('Target.attachToTarget', { targetId, flatten: true });
    const { sessionId } = attached.result as { sessionId: string };
    const closing = cdp.send('Target.closeTarget', { targetId });
    const asked = Array.from({ length: 50 }, () =>
      cdp.send('Runtime.evaluate', { expression: '1' }, sessionId),
    );
    for (const answer of await Promise.all(asked)) {
      if (answer.error === undefined) continue;
      assert.equal(answer.error, { code: -32001, message: 'Session with given id not found.' });
    }
    await closing;
  }
  await cdp.close();
  await release(session.id);
});

clients('keep their browser when a page is closed as its recorder starts', async () => {
  const session = await open();
  const cdp = await connectCdp(session.connectUrl);
  for (let round = 0; round < 16; round += 1) {
    const created = await cdp.send('Target.createTarget', { url: 'about:blank' });
    const { targetId } = created.result as { targetId: string };
    // Old enough to be filmed as soon as somebody speaks to it.
    await wait(RECORDER_LIMITS.newPageMs + 20);
    const attached = await cdp.send('Target.attachToTarget', { targetId, flatten: true });
    const { sessionId } = attached.result as { sessionId: string };
    void cdp.send('Runtime.evaluate', { expression: '1' }, sessionId);
    await wait(round % 8);
    assert.is((await cdp.send('Target.closeTarget', { targetId })).error, undefined);
  }
  assert.is((await cdp.send('Browser.getVersion')).error, undefined);
  await cdp.close();
  await release(session.id);
});

clients.run();
