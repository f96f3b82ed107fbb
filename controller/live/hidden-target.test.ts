import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ChromeGoneError, ChromeRefusedError } from '../chrome/connection.ts';
import { startFakeChrome } from '../testing/fake-chrome.ts';
import { closeHiddenTarget, openHiddenTarget } from './hidden-target.ts';

const hidden = suite('a hidden target');

const URL = 'devtools://devtools/bundled/inspector.html';

/** A connection that notes what it is asked, and refuses one method. */
function connectionThat(refuses = '', error: Error = new ChromeRefusedError('refused')) {
  const steps: string[] = [];
  return {
    steps,
    async call(method: string, params: object = {}, cdpSessionId = '') {
      steps.push([method, JSON.stringify(params), cdpSessionId].join(' ').trim());
      if (method === refuses) throw error;
      return { targetId: 'T1', sessionId: 'S1' };
    },
    closeSession: (cdpSessionId: string) => void steps.push(`close ${cdpSessionId}`),
  };
}
const methodsOf = (steps: readonly string[]) => steps.map((step) => step.split(' ')[0]);

hidden('is made without being seen, entered, and sent to its page', async () => {
  const connection = connectionThat();
  const { targetId, cdpSessionId, loaded } = await openHiddenTarget(connection, URL);
  await loaded;
  assert.equal([targetId, cdpSessionId], ['T1', 'S1']);
  assert.equal(connection.steps, [
    'Target.createTarget {"url":"about:blank","hidden":true}',
    'Target.attachToTarget {"targetId":"T1","flatten":true}',
    `Page.navigate {"url":"${URL}"} S1`,
  ]);
});

hidden('is closed with its session', async () => {
  const connection = connectionThat();
  const target = await openHiddenTarget(connection, URL);
  await closeHiddenTarget(connection, target);
  assert.equal(connection.steps.slice(3), ['close S1', 'Target.closeTarget {"targetId":"T1"}']);
});

hidden('that nobody can enter does not stay', async () => {
  const connection = connectionThat('Target.attachToTarget');
  const failure = await openHiddenTarget(connection, URL).catch((error: Error) => error);
  assert.instance(failure, ChromeRefusedError);
  assert.equal(methodsOf(connection.steps), [
    'Target.createTarget',
    'Target.attachToTarget',
    'Target.closeTarget',
  ]);
});

hidden('that cannot be made leaves nothing to close', async () => {
  const connection = connectionThat('Target.createTarget');
  const failure = await openHiddenTarget(connection, URL).catch((error: Error) => error);
  assert.instance(failure, ChromeRefusedError);
  assert.equal(methodsOf(connection.steps), ['Target.createTarget']);
});

hidden('whose page does not load is known all the same, so that it can be closed', async () => {
  const chrome = startFakeChrome({ hangs: ['Page.navigate'] });
  const target = await openHiddenTarget(chrome.connection, URL);
  const loaded = target.loaded.catch((error: Error) => error);
  await closeHiddenTarget(chrome.connection, target);
  assert.instance(await loaded, ChromeRefusedError);
  await chrome.connection.call('Browser.getVersion');
  assert.is(chrome.sessions.size, 0);
  chrome.stop();
});

hidden('is no fault of ours when Chrome goes while it loads', async () => {
  const connection = connectionThat('Page.navigate', new ChromeGoneError());
  const { loaded } = await openHiddenTarget(connection, URL);
  await new Promise(setImmediate);
  assert.instance(await loaded.catch((error: Error) => error), ChromeGoneError);
});

hidden.run();
