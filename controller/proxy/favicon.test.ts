import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FakeCommand, startFakeChrome } from '../testing/fake-chrome.ts';
import { faviconUrlOf } from './favicon.ts';

const favicons = suite('faviconUrlOf');

const chromeWith = (answers: Readonly<Record<string, object>>) =>
  startFakeChrome({
    onCommand: ({ id, method, sessionId }: FakeCommand, chrome) => {
      const answer = answers[method];
      if (answer !== undefined) chrome.say({ id, ...answer, sessionId });
    },
  });
const DOCUMENT = { 'DOM.getDocument': { result: { root: { nodeId: 1 } } } };
const page = { targetId: 'A', url: 'http://site.example/deep/page' };

favicons('is the icon of the markup, resolved, and leaves no session behind', async () => {
  const chrome = chromeWith({
    ...DOCUMENT,
    'DOM.querySelector': { result: { nodeId: 2 } },
    'DOM.getAttributes': { result: { attributes: ['rel', 'icon', 'href', '../icon.png'] } },
  });
  assert.is(await faviconUrlOf(chrome.connection, page), 'http://site.example/icon.png');
  await chrome.connection.call('Browser.getVersion');
  assert.is(chrome.sessions.size, 0);
  chrome.stop();
});

for (const [what, answers, asked] of [
  ['names no icon', { ...DOCUMENT, 'DOM.querySelector': { result: { nodeId: 0 } } }, page],
  ['hangs', {}, page],
  ['went away', { 'DOM.getDocument': { error: { message: 'Target closed' } } }, page],
  ['is not there', {}, { ...page, targetId: 'missing' }],
  ['is no web page', {}, { ...page, url: 'about:blank' }],
] as const) {
  favicons(`is nothing for a page that ${what}`, async () => {
    const chrome = chromeWith(answers);
    assert.is(await faviconUrlOf(chrome.connection, asked), null);
    await chrome.connection.call('Browser.getVersion');
    assert.is(chrome.sessions.size, 0);
    chrome.stop();
  });
}

favicons.run();
