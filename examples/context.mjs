// A login that lives on: what the first session stores is there in the second.
import { Browserbase } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';

const targetUrl = process.env.TARGET_URL ?? 'https://example.com/';
const browserbase = new Browserbase();
const context = await browserbase.contexts.create({ name: 'example' });

async function inSession(persist, work) {
  const session = await browserbase.sessions.create({
    browserSettings: { context: { id: context.id, persist } },
  });
  const browser = await chromium.connectOverCDP(session.connectUrl);
  try {
    const page = browser.contexts()[0]?.pages()[0];
    if (page === undefined) throw new Error('the browser has no page');
    await page.goto(targetUrl);
    return await work(page);
  } finally {
    await browser.close();
    await browserbase.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
    await ended(session.id);
  }
}

/** The profile is saved before a session reads COMPLETED. */
async function ended(sessionId) {
  for (;;) {
    const { status } = await browserbase.sessions.retrieve(sessionId);
    if (status !== 'RUNNING') return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

await inSession(true, (page) => page.evaluate(() => localStorage.setItem('who', 'me')));
const who = await inSession(false, (page) => page.evaluate(() => localStorage.getItem('who')));
console.log(`the second session knows: ${who}`);
await browserbase.contexts.delete(context.id);
