import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chromeWithPages } from '../testing/chrome-with-pages.ts';
import { cutText, listPages, PAGE_LIST_LIMITS } from './page-list.ts';

const { maxPages, maxTitleLength, maxUrlLength } = PAGE_LIST_LIMITS;
const list = suite('the list of pages');

list('names the beginning of what a page says at length', async () => {
  const page = { title: 't'.repeat(1_000_000), url: `data:text/html,${'u'.repeat(1_900_000)}` };
  const [listed] = await listPages(chromeWithPages([page]), null);
  assert.equal(listed, {
    id: 'P0',
    type: 'page',
    title: page.title.slice(0, maxTitleLength),
    url: page.url.slice(0, maxUrlLength),
  });
});

list('leaves what fits as it is', async () => {
  const page = {
    title: 't'.repeat(maxTitleLength),
    url: `http://site.example/${'u'.repeat(maxUrlLength - 20)}`,
  };
  const [listed] = await listPages(chromeWithPages([page]), null);
  assert.equal([listed?.title, listed?.url], [page.title, page.url]);
});

list('has so many pages and no more, but any page that is asked for', async () => {
  const pages = Array.from({ length: maxPages + 1 }, (_, index) => ({
    title: '',
    url: `about:blank#${index}`,
  }));
  const chrome = chromeWithPages(pages);
  assert.is((await listPages(chrome, null)).length, maxPages);
  assert.equal(
    (await listPages(chrome, `P${maxPages}`)).map(({ url }) => url),
    [`about:blank#${maxPages}`],
  );
});

list('reads the icon against an address that it cuts', async () => {
  const url = `http://site.example/?${'u'.repeat(1_900_000)}`;
  const [listed] = await listPages(chromeWithPages([{ title: '', url, icon: '/icon.png' }]), null);
  assert.is(listed?.faviconUrl, 'http://site.example/icon.png');
});

for (const [what, text, cut] of [
  ['nothing', 'abc', 'abc'],
  ['after a character of two units', 'a😀bc', 'a😀'],
  ['before one that would be cut in two', 'ab😀', 'ab'],
] as const) {
  list(`cuts ${what}`, () => {
    assert.is(cutText(text, 3), cut);
  });
}

list.run();
