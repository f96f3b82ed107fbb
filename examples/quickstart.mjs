import { Browserbase } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';

const url = process.env.TARGET_URL ?? 'https://example.com/';
const browserbase = new Browserbase(); // takes BROWSERBASE_BASE_URL and BROWSERBASE_API_KEY
const session = await browserbase.sessions.create();
try {
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const page = browser.contexts()[0].pages()[0];
  await page.goto(url);
  console.log(await page.title());
  await browser.close();
} finally {
  await browserbase.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
}
