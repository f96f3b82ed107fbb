import type { Browser, CDPSession, Page, Target } from 'puppeteer-core';

const SIZES = `[innerWidth, innerHeight, outerWidth, outerHeight, screenX, screenY, screen.width, screen.height,
  screen.availWidth, screen.availHeight, devicePixelRatio, visualViewport.width, visualViewport.height].join(' ')`;
const ASK_WORKER = `navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready).then(
  ({ active }) => new Promise((resolve) => {
    navigator.serviceWorker.onmessage = ({ data }) => resolve(data);
    active.postMessage('');
  }))`;

/** Everything about a browser that its session's settings may change, as its clients see it. */
export async function describeBrowser(
  browser: Browser,
  untrustedUrl: string,
): Promise<Record<string, unknown>> {
  const [first] = await browser.pages();
  if (first === undefined) throw new Error('The browser has no page');
  const cdp = await browser.target().createCDPSession();
  const tab = await browser.newPage();
  const context = await browser.createBrowserContext();
  const inContext = await context.newPage();
  return {
    first: await first.evaluate(SIZES),
    firstFocus: await first.evaluate(
      '[document.hasFocus(), document.visibilityState, history.length].join(" ")',
    ),
    screenshot: sizeOf(await first.screenshot()),
    tab: await tab.evaluate(SIZES),
    tabScreenshot: sizeOf(await tab.screenshot()),
    context: await inContext.evaluate(SIZES),
    contextScreenshot: sizeOf(await inContext.screenshot()),
    window: await openWindow(browser, cdp, {}),
    windowInContext: await openWindow(browser, cdp, { browserContextId: context.id }),
    sizedWindow: await openWindow(browser, cdp, { width: 640, height: 480 }),
    popup: await openPopup(first, `open('about:blank', '', 'popup')`),
    sizedPopup: await openPopup(first, `open('about:blank', '', 'width=620,height=440,left=10,top=20')`),
    opened: await openPopup(first, `open('about:blank')`),
    untrusted: await visit(await browser.newPage(), untrustedUrl),
    untrustedInContext: await visit(await context.newPage(), untrustedUrl),
    firstAgain: await first.evaluate(SIZES),
  };
}

async function openWindow(browser: Browser, cdp: CDPSession, params: object): Promise<unknown> {
  const url = 'about:blank';
  const { targetId } = await cdp.send('Target.createTarget', { url, newWindow: true, ...params });
  const isOpened = (target: Target & { _targetId?: string }) => target._targetId === targetId;
  return (await (await browser.waitForTarget(isOpened)).page())?.evaluate(SIZES);
}

async function openPopup(page: Page, script: string): Promise<unknown> {
  const popup = new Promise<Page | null>((resolve) => page.once('popup', resolve));
  await page.evaluate(`void ${script}`);
  return (await popup)?.evaluate(SIZES);
}

/** What comes of a site whose certificate nobody trusts. */
async function visit(page: Page, url: string): Promise<unknown> {
  try {
    await page.goto(url);
  } catch (error) {
    return (error as Error).message.replace(/ at .*/, '');
  }
  return [await page.evaluate('document.body.innerText'), await page.evaluate(ASK_WORKER)];
}

/** Of a PNG. */
function sizeOf(picture: Uint8Array): string {
  const bytes = Buffer.from(picture);
  return `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;
}
