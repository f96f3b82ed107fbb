import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startFakeChrome } from '../testing/fake-chrome.ts';
import { restoreViewports } from './restore-viewports.ts';

const viewports = suite('the size of a page that a client has left');

const turns = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};
const SET = 'Emulation.setDeviceMetricsOverride';

async function start() {
  const chrome = startFakeChrome();
  restoreViewports(chrome.connection, { width: 1440, height: 900 });
  let id = 0;
  const join = async (pageId: string) => {
    const channel = await chrome.connection.openChannel(pageId);
    channel.listen({
      onMessage() {},
      onLost() {},
      onUnanswered() {},
      onWaiting() {},
      onOversized() {},
      onDrain() {},
    });
    const send = (method: string) => {
      id += 1;
      channel.send(JSON.stringify({ id, method, params: { width: 800 } }), { id, method });
    };
    return { close: channel.close, send };
  };
  /** What the controller has said of sizes, and where. */
  const own = () =>
    chrome.commands
      .filter(({ id: each, method }) => each < 0 && method.includes('MetricsOverride'))
      .map(({ method, params }) => [method, params?.width]);
  return { chrome, join, own };
}

viewports('is the session’s again', async () => {
  const { chrome, join, own } = await start();
  const client = await join('A');
  client.send(SET);
  client.close();
  await turns();
  assert.equal(own(), [
    [SET, 1440],
    ['Emulation.clearDeviceMetricsOverride', undefined],
  ]);
  assert.is(chrome.sessions.size, 0, 'nothing of the controller stays attached');
  chrome.stop();
});

viewports('is left alone when the client had not changed it', async () => {
  const { chrome, join, own } = await start();
  const client = await join('A');
  client.send('Page.enable');
  client.close();
  await turns();
  assert.equal(own(), []);
  chrome.stop();
});

viewports('is another client’s as long as that one is there', async () => {
  const { chrome, join, own } = await start();
  const [first, second] = [await join('A'), await join('A')];
  first.send(SET);
  second.send(SET);
  first.close();
  await turns();
  assert.equal(own(), []);
  second.close();
  await turns();
  assert.is(own().length, 2);
  chrome.stop();
});

viewports('is another client’s also when that one sets it meanwhile', async () => {
  const { chrome, join, own } = await start();
  const [first, second] = [await join('A'), await join('A')];
  first.send(SET);
  first.close();
  second.send(SET);
  await turns();
  assert.equal(own(), []);
  chrome.stop();
});

viewports.run();
