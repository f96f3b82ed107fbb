/** The live view's own page, in a Chrome of its own, beside the session that it shows. */
import puppeteer, { type Browser, type Page, type Viewport } from 'puppeteer-core';
import { findChrome, type RunningController } from './run-controller.ts';
import { connect, type SessionTest } from './session-suite.ts';

export const asUrl = (html: string) => `data:text/html,${encodeURIComponent(html)}`;
export const idOf = (page: Page): string => (page.target() as unknown as { _targetId: string })._targetId;

export interface Watched {
  readonly controller: RunningController;
  readonly browser: Browser;
  readonly page: Page;
  readonly view: Page;
  readonly viewer: Browser;
}

export interface ViewOptions {
  /** Where the session's page is. */
  readonly url?: string;
  /** What the session's client emulates. */
  readonly viewport?: Viewport;
  readonly query?: string;
  readonly claims?: { readonly pageId?: string; readonly isViewOnly?: boolean };
}

/** A session with a page in it, and a person who looks at it. */
export async function withView(
  { start }: SessionTest,
  { url = 'about:blank', viewport, query = '', claims = {} }: ViewOptions,
  run: (watched: Watched) => Promise<void>,
): Promise<void> {
  const controller = await start();
  const browser = await connect(controller);
  const [page] = (await browser.pages()) as [Page];
  if (viewport !== undefined) await page.setViewport(viewport);
  await page.goto(url);
  // Files of the person's may be called anything, and without a locale Chrome opens those of ASCII alone.
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const viewer = await puppeteer.launch({ executablePath: findChrome(), args: ['--no-sandbox'], env });
  try {
    const view = await viewer.newPage();
    await view.setViewport({ width: 1_000, height: 700 });
    await view.goto(`${await linkOf(controller, claims)}${query}`);
    await view.waitForSelector('body[data-state=live]', { timeout: 20_000 });
    await run({ controller, browser, page, view, viewer });
  } finally {
    await viewer.close();
  }
  if (browser.connected) await browser.close();
  await controller.exited;
}

export async function linkOf(
  controller: RunningController,
  claims: { readonly pageId?: string; readonly isViewOnly?: boolean } = {},
): Promise<string> {
  const { origin } = await controller.ready();
  const page = claims.pageId === undefined ? '' : `/${claims.pageId}`;
  return `http://${origin}/live/${controller.token('live', claims)}/view${page}`;
}

/** Where a point of the page is on the viewer's screen, in parts of its visible width and height. */
export async function screenSpotOf(
  view: Page,
  { x, y }: { readonly x: number; readonly y: number },
): Promise<[x: number, y: number]> {
  const picture = await view.$eval('#picture', (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { left, top, width, height };
  });
  return [picture.left + x * picture.width, picture.top + y * picture.height];
}

/** Where an element of the page is on the viewer's screen. */
export async function spotOf({ page, view }: Watched, selector: string): Promise<[x: number, y: number]> {
  const inPage = await page.$eval(selector, (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const { innerWidth, innerHeight } = globalThis as unknown as { innerWidth: number; innerHeight: number };
    return { x: (left + width / 2) / innerWidth, y: (top + height / 2) / innerHeight };
  });
  return screenSpotOf(view, inPage);
}

export const fieldOf = (page: Page, selector: string) =>
  page.$eval(selector, (element) => (element as unknown as { value: string }).value);

export const becomes = (page: Pick<Page, 'waitForFunction'>, expression: string) =>
  page.waitForFunction(expression, { timeout: 15_000, polling: 50 });
