import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listObjects } from './list-objects.ts';

const lists = suite('a list of objects');
const infos = Array.from({ length: 2_001 }, (_, number) => ({
  key: `k${String(number).padStart(5, '0')}`,
  size: 1,
  md5: 'm',
  modifiedAtMs: 0,
}));

/** One page, as it is sent. */
async function page(query: Record<string, string>): Promise<string> {
  let sent = '';
  const response = {
    req: { complete: true },
    writeHead() {},
    end(bytes: Buffer) {
      sent = bytes.toString();
    },
  };
  const call = { query: new URLSearchParams({ 'list-type': '2', ...query }), response: response as never };
  await listObjects(call, 'bucket', { list: async () => infos });
  return sent;
}
const keysIn = (xml: string) => [...xml.matchAll(/<Key>(\w+)<\/Key>/g)].map(([, key]) => key);
const tokenIn = (xml: string) => /<NextContinuationToken>(\w+)</.exec(xml)?.[1];

lists('has 1,000 of them, and says where the next page begins', async () => {
  const seen: unknown[] = [];
  let token: string | undefined;
  for (const count of [1_000, 1_000, 1]) {
    const xml = await page(token === undefined ? {} : { 'continuation-token': token });
    assert.is(keysIn(xml).length, count);
    assert.match(xml, `<IsTruncated>${count === 1_000}</IsTruncated>`);
    seen.push(...keysIn(xml));
    token = tokenIn(xml);
  }
  assert.is(token, undefined);
  assert.equal(
    seen,
    infos.map(({ key }) => key),
  );
});

lists('is refused where it would be another one than asked for', async () => {
  for (const query of [{ delimiter: '/' }, { 'list-type': '1' }, { 'max-keys': '3' }]) {
    const error = await page(query as Record<string, string>).catch((fault: Error) => fault);
    assert.match(String(error), 'does not support the parameter');
  }
});

lists.run();
