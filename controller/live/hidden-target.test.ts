import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ChromeGoneError, ChromeRefusedError } from '../chrome/connection.ts';
import { startFakeChrome } from '../testing/fake-chrome.ts';
import { openHiddenTarget } from './hidden-target.ts';

const hidden = suite('a hidden target');

const URL = 'devtools://devtools/bundled/inspector.html';

/** A connection that notes what it is asked, and refuses one step. */
function connectionThat(refuses = '', error: Error = new ChromeRefusedError('refused')) {
  const steps: string[] = [];
  const note = (step: string, method: string) => {
    steps.push(step.trim());
    if (method === refuses) throw error;
  };
  return {
    steps,
    async openHiddenTarget() {
      note('openHiddenTarget', 'openHiddenTarget');
      return 'T1';
    },
    async call(method: string, params: object = {}, cdpSessionId = '') {
      note([method, JSON.stringify(params), cdpSessionId].join(' '), method);
      return { targetId: 'T1', sessionId: 'S1' };
    },
    closeSession: (cdpSessionId: string) => void steps.push(`close ${cdpSessionId}`),
  };
}
const failureOf = (promise: Promise<unknown>) => promise.catch((error: Error) => error);

hidden('is made without being seen, entered, and sent to its page', async () => {
  const connection = connectionThat();
  assert.is(await openHiddenTarget(connection, URL).ready, 'S1');
  assert.equal(connection.steps, [
    'openHiddenTarget',
    'Target.attachToTarget {"targetId":"T1","flatten":true}',
    `Page.navigate {"url":"${URL}"} S1`,
  ]);
});

hidden('is closed with its session', async () => {
  const connection = connectionThat();
  const target = openHiddenTarget(connection, URL);
  await target.ready;
  await target.close();
  assert.equal(connection.steps.slice(3).sort(), ['Target.closeTarget {"targetId":"T1"}', 'close S1']);
});

hidden('that nobody can enter can be closed', async () => {
  const connection = connectionThat('Target.attachToTarget');
  const target = openHiddenTarget(connection, URL);
  assert.instance(await failureOf(target.ready), ChromeRefusedError);
  await target.close();
  assert.equal(connection.steps.slice(2), ['Target.closeTarget {"targetId":"T1"}']);
});

hidden('that cannot be made leaves nothing to close', async () => {
  const connection = connectionThat('openHiddenTarget');
  const target = openHiddenTarget(connection, URL);
  for (const failure of [target.ready, target.close()])
    assert.instance(await failureOf(failure), ChromeRefusedError);
  assert.equal(connection.steps, ['openHiddenTarget']);
});

for (const hangs of ['Target.attachToTarget', 'Page.navigate'])
  hidden(`is closed as well while ${hangs} has no answer`, async () => {
    const chrome = startFakeChrome({ hangs: [hangs] });
    const target = openHiddenTarget(chrome.connection, URL);
    const ready = failureOf(target.ready);
    while (chrome.commands.at(-1)?.method !== hangs) await new Promise(setImmediate);
    await target.close();
    await chrome.connection.call('Browser.getVersion');
    if (hangs === 'Page.navigate') assert.instance(await ready, ChromeRefusedError);
    assert.is(chrome.sessions.size, 0);
    assert.ok(chrome.commands.some(({ method }) => method === 'Target.closeTarget'));
    chrome.stop();
  });

hidden('is no fault of ours when Chrome goes while it loads', async () => {
  const { ready } = openHiddenTarget(connectionThat('Page.navigate', new ChromeGoneError()), URL);
  await new Promise(setImmediate);
  assert.instance(await failureOf(ready), ChromeGoneError);
});

hidden.run();
