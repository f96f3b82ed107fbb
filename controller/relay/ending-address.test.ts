import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { opensOwnPage } from './ending-address.ts';

const addresses = suite('pages of Chrome’s own');

for (const url of [
  'chrome://inducebrowsercrashforrealz/',
  'CHROME://quit',
  '  chrome://crash',
  'chr\nome://hang',
  '\u0001chrome:settings',
  'view-source:chrome://version',
  'view-source:view-source:chrome://version',
  'about:inducebrowsercrashforrealz',
  'about:',
  'about:blankish',
]) {
  addresses(`are meant by ${JSON.stringify(url)}`, () => {
    assert.is(opensOwnPage('Page.navigate', url), true);
    assert.is(opensOwnPage('Target.createTarget', url), true);
  });
}

for (const url of [
  'about:blank',
  'about:blank#chrome:',
  'about:srcdoc',
  'https://chrome.example/?chrome://crash',
  'data:text/html,chrome://crash',
  'chrome-extension://abc/page.html',
  'file:///tmp/.uploads/a.pdf',
  '',
  undefined,
  5,
]) {
  addresses(`are not meant by ${JSON.stringify(url)}`, () => {
    assert.is(opensOwnPage('Page.navigate', url), false);
  });
}

addresses('are opened by these two commands only', () => {
  assert.is(opensOwnPage('Runtime.evaluate', 'chrome://crash'), false);
});

addresses.run();
