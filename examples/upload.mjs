// Files for a page: a small one by the SDK, one of any size by PUT; Playwright chooses both.
import { Browserbase } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';

const browserbase = new Browserbase();
const session = await browserbase.sessions.create();
const browser = await chromium.connectOverCDP(session.connectUrl);
try {
  await browserbase.sessions.uploads.create(session.id, { file: new File(['by the SDK'], 'small.txt') });

  const url = new URL(session.connectUrl.replace(/^ws/, 'http'));
  url.pathname = `${url.pathname.replace(/\/$/, '')}/uploads/large.bin`;
  const answer = await fetch(url, { method: 'PUT', body: Buffer.alloc(60_000_000) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);

  const page = browser.contexts()[0]?.pages()[0];
  if (page === undefined) throw new Error('the browser has no page');
  await page.setContent('<input type="file" id="files" multiple>');
  const cdp = await page.context().newCDPSession(page);
  const { root } = await cdp.send('DOM.getDocument');
  const { nodeId } = await cdp.send('DOM.querySelector', { nodeId: root.nodeId, selector: '#files' });
  const files = ['/tmp/.uploads/small.txt', '/tmp/.uploads/large.bin'];
  await cdp.send('DOM.setFileInputFiles', { nodeId, files });
  const sizes = `[...document.querySelector('#files').files].map(({ name, size }) => name + ': ' + size).join(', ')`;
  console.log(await page.evaluate(sizes));
} finally {
  await browser.close();
  await browserbase.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
}
