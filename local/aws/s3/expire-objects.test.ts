import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFolder } from '../testing/serve-services.ts';
import { expireObjects } from './expire-objects.ts';
import { createObjectStore } from './object-store.ts';
import { createS3Api } from './s3-api.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.parse('2026-06-01T00:00:00.000Z');
const EXPIRY = [{ prefix: 'logs/', days: 31 }];

const expiry = suite('what a bucket keeps no longer');

/** A store with objects of so many days, by key. */
async function storeWith(folder: string, ages: Readonly<Record<string, number>>) {
  const unfinished = join(folder, 'unfinished');
  mkdirSync(unfinished, { recursive: true });
  const store = createObjectStore(join(folder, 'objects', 'artifacts'), unfinished);
  for (const [key, days] of Object.entries(ages))
    await store.put(key, Readable.from([Buffer.from(key)]), () => ({
      key,
      size: key.length,
      md5: 'x',
      modifiedAtMs: NOW_MS - days * DAY_MS,
    }));
  return store;
}

const keysOf = async (store: ReturnType<typeof createObjectStore>) =>
  (await store.list('')).map(({ key }) => key);

expiry('is deleted, and nothing else', () =>
  withFolder(async (folder) => {
    const store = await storeWith(folder, { 'logs/old': 31, 'logs/new': 30, 'extensions/old': 400 });
    assert.is(await expireObjects(store, EXPIRY, new Date(NOW_MS)), 1);
    assert.equal(await keysOf(store), ['extensions/old', 'logs/new']);
    assert.is(await store.open('logs/old'), undefined);
    assert.is(await expireObjects(store, EXPIRY, new Date(NOW_MS)), 0);
  }),
);

expiry('is nothing where no rule says so', () =>
  withFolder(async (folder) => {
    const store = await storeWith(folder, { old: 10_000 });
    assert.is(await expireObjects(store, [], new Date(NOW_MS)), 0);
    assert.equal(await keysOf(store), ['old']);
  }),
);

expiry('is looked for in every bucket by its own rules', () =>
  withFolder(async (folder) => {
    await storeWith(folder, { 'logs/old': 31 });
    const buckets = [
      { name: 'contexts', expiry: [], oldVersionDays: null, readableFrom: [] },
      { name: 'artifacts', expiry: EXPIRY, oldVersionDays: null, readableFrom: [] },
    ];
    const api = createS3Api({ buckets, folder, now: () => new Date(NOW_MS) });
    assert.is(await api.expire(), 1);
  }),
);

expiry.run();
