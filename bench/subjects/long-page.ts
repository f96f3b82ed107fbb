/** A page of text, gradients and pictures that is longer than its window, and how an agent at work scrolls it. */
import type { Page } from 'playwright-core';

const ITEMS = 60;
const ITEM = (number: number) => `<article>
  <div style="background: linear-gradient(${number * 40}deg, hsl(${number * 47} 80% 70%), hsl(${number * 83} 70% 50%))"></div>
  <h2>Article ${number}</h2><p>${`What there is to say of it, in a sentence that is as long as such sentences are. `.repeat(4)}</p>
</article>`;
const CONTENT = `<title>long</title><style>
  body { margin: 0; font: 16px sans-serif; display: grid; grid-template-columns: repeat(3, 1fr) }
  article { padding: 16px } article div { height: 160px; border-radius: 8px }
</style>${Array.from({ length: ITEMS }, (_, number) => ITEM(number)).join('')}`;

/** Thirty times in its first second, and then nothing until six are over: it looks and thinks. */
const WORK = `new Promise((resolve) => {
  let left = 30;
  const scroll = setInterval(() => {
    window.scrollBy(0, 20);
    if (--left === 0) clearInterval(scroll);
  }, 1000 / 30);
  setTimeout(resolve, 6000);
})`;

export const showLongPage = (page: Page): Promise<void> => page.setContent(CONTENT);

export async function workAsAnAgent(page: Page): Promise<void> {
  await page.evaluate('window.scrollTo(0, 0)');
  await page.evaluate(WORK);
}
