import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chromeWithPages } from '../testing/chrome-with-pages.ts';
import { type FakeCommand, startFakeChrome } from '../testing/fake-chrome.ts';
import { faviconUrlOf, MAX_ICON_URL_LENGTH } from './favicon.ts';

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

const long = MAX_ICON_URL_LENGTH + 1;
for (const [what, url, icon] of [
  ['in the page', 'http://a/', `data:image/png;base64,${'A'.repeat(7_000_000)}`],
  ['by its own length', 'http://a/', `http://a/${'i'.repeat(long - 'http://a/'.length)}`],
  ["by its page's address", `http://a/${'u'.repeat(long)}/`, 'i.png'],
  ['once it is written out', 'http://a/', 'ä'.repeat(long / 3)],
] as const) {
  favicons(`is nothing when it is too long ${what}`, async () => {
    const chrome = chromeWithPages([{ title: '', url, icon }]);
    assert.is(await faviconUrlOf(chrome, { targetId: 'P0', url }), null);
  });
}

favicons('may be as long as that', async () => {
  const icon = `http://a/${'i'.repeat(MAX_ICON_URL_LENGTH - 'http://a/'.length)}`;
  const chrome = chromeWithPages([{ title: '', url: 'http://b/', icon }]);
  assert.is(await faviconUrlOf(chrome, { targetId: 'P0', url: 'http://b/' }), icon);
});

favicons.run();
