import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newWebhook } from '../../core/testing/new-webhook.ts';
import { type ListWebhooksQuery, listWebhooks } from './list-webhooks.ts';

const made = (webhookId: string, second: number) =>
  newWebhook({ webhookId, createdAt: `2026-06-01T00:00:0${second}.000Z` });
const ALL = [made('a', 1), made('b', 2), made('c', 2), made('d', 3)];

interface Page {
  readonly data: readonly { readonly id: string }[];
  readonly limit: number;
  readonly nextCursor: string | null;
}

const list = async (query: ListWebhooksQuery, stored = ALL) =>
  (await listWebhooks({ listWebhooks: async () => stored })(newRequest({ query }) as never)).body as Page;

const t = suite('GET /v1/webhooks');

t('is all of them, the newest first', async () => {
  const { data, limit, nextCursor } = await list({});
  assert.equal(
    data.map(({ id }) => id),
    ['d', 'c', 'b', 'a'],
  );
  assert.equal([limit, nextCursor], [20, null]);
});

t('goes on page by page, each webhook once, also when one is deleted meanwhile', async () => {
  const ids: string[] = [];
  let stored = ALL;
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page = await list({ limit: 1, ...(cursor === undefined ? {} : { cursor }) }, stored);
    ids.push(...page.data.map(({ id }) => id));
    stored = stored.filter(({ webhookId }) => webhookId !== 'c' || !ids.includes('c'));
    cursor = page.nextCursor;
  }
  assert.equal(ids, ['d', 'c', 'b', 'a']);
});

t('refuses a cursor that it did not give', async () => {
  for (const cursor of ['cursor', '', Buffer.from('x y').toString('base64url')]) {
    const { status, message } = await appErrorOf(list({ cursor }));
    assert.equal([status, message], [400, 'querystring/cursor must be the nextCursor of another page']);
  }
});

t.run();
