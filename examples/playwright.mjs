// Playwright over the session's connectUrl: open a page, read it, take a picture, release.
import { Browserbase } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';

const targetUrl = process.env.TARGET_URL ?? 'https://example.com/';
const browserbase = new Browserbase();
const session = await browserbase.sessions.create({
  browserSettings: { viewport: { width: 1024, height: 640 } },
});

const browser = await chromium.connectOverCDP(session.connectUrl);
try {
  const page = browser.contexts()[0]?.pages()[0];
  if (page === undefined) throw new Error('the browser has no page');
  await page.goto(targetUrl);
  console.log(`title: ${await page.title()}`);
  const picture = await page.screenshot();
  console.log(`screenshot: ${picture.length} bytes`);
} finally {
  await browser.close();
  await browserbase.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
}
