import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FakeChromeOptions, type FakeCommand, startFakeChrome } from '../testing/fake-chrome.ts';
import type { ChromeChannel } from './channel.ts';

const screenshots = suite('a screenshot of a page that may not be in front');

const turns = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};

/** Chrome answers a screenshot when `paint` is called. */
async function start(options: FakeChromeOptions = {}) {
  const asked: FakeCommand[] = [];
  const chrome = startFakeChrome({
    ...options,
    onCommand(command, { say }) {
      if (command.method === 'Page.captureScreenshot') asked.push(command);
      else say({ id: command.id, result: {}, sessionId: command.sessionId });
    },
  });
  const join = async (pageId: string | null) => {
    const heard: string[] = [];
    const channel = await chrome.connection.openChannel(pageId);
    channel.listen({
      onMessage: (message) => heard.push(message.toString()),
      onLost() {},
      onUnanswered() {},
      onWaiting() {},
      onOversized() {},
      onDrain() {},
    });
    return { channel, heard };
  };
  const paint = () => {
    for (const { id, sessionId } of asked.splice(0)) chrome.say({ id, result: { data: '' }, sessionId });
  };
  const casts = () => chrome.commands.filter(({ method }) => method === 'Page.startScreencast');
  /** Screencasts that go on. */
  const running = () => casts().filter(({ sessionId }) => chrome.sessions.has(String(sessionId))).length;
  return { chrome, join, paint, casts, running };
}

function shoot(channel: ChromeChannel, id: number, method = 'Page.captureScreenshot'): void {
  channel.send(JSON.stringify({ id, method }), { id, method });
}

screenshots('is taken while the controller watches the page, and no longer', async () => {
  const { chrome, join, paint, running } = await start();
  const { channel, heard } = await join('A');
  shoot(channel, 1);
  await turns();
  assert.is(running(), 1);
  assert.equal(heard, [], 'the client is told nothing of it');
  paint();
  await turns();
  assert.is(running(), 0);
  assert.equal(heard, ['{"id":1,"result":{"data":""}}']);
  chrome.stop();
});

screenshots('shares its watching with others at the same time', async () => {
  const { chrome, join, paint, casts, running } = await start();
  const [one, two] = [await join('A'), await join('A')];
  shoot(one.channel, 1);
  shoot(one.channel, 2);
  shoot(two.channel, 1);
  await turns();
  assert.equal([casts().length, running()], [1, 1]);
  one.channel.close();
  await turns();
  assert.is(running(), 1, 'the other still waits');
  paint();
  await turns();
  assert.is(running(), 0);
  chrome.stop();
});

screenshots('ends its watching when the client leaves, also before it has begun', async () => {
  const { chrome, join, running } = await start();
  const one = await join('A');
  shoot(one.channel, 1);
  one.channel.close();
  const two = await join('A');
  shoot(two.channel, 1);
  await turns();
  assert.is(running(), 1);
  two.channel.close();
  await turns();
  assert.equal([running(), chrome.sessions.size], [0, 0]);
  chrome.stop();
});

screenshots('shows no frame of the watching to any client', async () => {
  const { chrome, join, casts } = await start();
  const [browser, page] = [await join(null), await join('A')];
  shoot(page.channel, 1);
  await turns();
  const sessionId = casts()[0]?.sessionId;
  chrome.say({ method: 'Page.screencastFrame', params: { data: 'x', sessionId: 1 }, sessionId });
  await turns();
  assert.equal([browser.heard, page.heard], [[], []]);
  chrome.stop();
});

screenshots('is the only command for which a page is watched', async () => {
  const { chrome, join, casts } = await start();
  const [browser, page] = [await join(null), await join('A')];
  shoot(page.channel, 1, 'Page.printToPDF');
  shoot(page.channel, 2, 'Page.captureSnapshot');
  shoot(browser.channel, 1);
  await turns();
  assert.equal(casts(), []);
  chrome.stop();
});

screenshots.run();
