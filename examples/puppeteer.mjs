// Puppeteer over the session's connectUrl. `browser.close()` closes the remote Chrome and so ends the session.
import { Browserbase } from '@browserbasehq/sdk';
import puppeteer from 'puppeteer-core';

const targetUrl = process.env.TARGET_URL ?? 'https://example.com/';
const browserbase = new Browserbase();
const session = await browserbase.sessions.create();

const browser = await puppeteer.connect({ browserWSEndpoint: session.connectUrl, defaultViewport: null });
try {
  const [page] = await browser.pages();
  await page.goto(targetUrl);
  console.log(`title: ${await page.title()}`);
} finally {
  await browser.close();
}
