import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_ICON_URL_LENGTH } from '../../controller/live/favicon.ts';
import { listPages, PAGE_LIST_LIMITS } from '../../controller/live/page-list.ts';
import { chromeWithPages } from '../../controller/testing/chrome-with-pages.ts';
import { ok, toProxyResult } from '../../core/http/response.ts';
import { toLiveUrls } from '../../functions/sessions/live-urls.ts';
import { contract } from '../e2e/support/checked-fetch.ts';

const MB = 1_000_000;
const debug = suite('the answer with the debug URLs');

debug('fits a Lambda, whatever the pages say of themselves', async () => {
  // The most expensive characters: four bytes each in JSON within JSON, and seven for the title's.
  const dear = (scheme: string) => scheme + '"'.repeat(2 * MB);
  const page = { title: '\u0001'.repeat(2 * MB), url: dear('http://a/?') };
  const icon = `data:${'"'.repeat(MAX_ICON_URL_LENGTH - 'data:'.length)}`;
  const chrome = chromeWithPages(Array(1_000).fill({ ...page, icon }));
  const pages = await listPages(chrome, null);
  assert.is(pages[0]?.faviconUrl, icon);
  const endpoint = { webSocketOrigin: `wss://${'h'.repeat(100)}`, httpOrigin: `https://${'h'.repeat(100)}` };
  // No token is longer.
  const view = toLiveUrls(endpoint, pages, { signLiveToken: () => 't'.repeat(2_048), isViewOnly: false });
  const bytes = Buffer.byteLength(JSON.stringify(toProxyResult(ok(view))));
  // Addresses are escaped, three characters of one byte for each: so they are cut at a third of what was sent.
  assert.ok(bytes > MB && bytes < 4 * MB, `${bytes} bytes`);
});

debug('is cut as the contract says', () => {
  const { LivePage, LiveUrls } = contract.components.schemas as unknown as {
    LivePage: { properties: Record<string, { maxLength?: number }> };
    LiveUrls: { properties: { pages: { maxItems: number } } };
  };
  const { maxPages, maxTitleLength, maxUrlLength } = PAGE_LIST_LIMITS;
  assert.is(LiveUrls.properties.pages.maxItems, maxPages);
  assert.is(LivePage.properties.title?.maxLength, maxTitleLength);
  assert.is(LivePage.properties.url?.maxLength, maxUrlLength);
  assert.is(LivePage.properties.faviconUrl?.maxLength, MAX_ICON_URL_LENGTH);
});

debug.run();
