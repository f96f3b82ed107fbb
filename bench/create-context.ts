import { createReadStream, createWriteStream, globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { chromium } from 'playwright-core';
import { startSite } from '../tests/e2e/support/pages.ts';
import { type Part, USUAL } from './harness/part.ts';
import { measureCreates } from './subjects/creates.ts';
import type { Platform } from './subjects/platform.ts';

const ROUNDS = 15;
const MB = 1_000_000;
const PROFILE_MB = 5;
// The S3 stand-in describes each object in a block before it.
const OBJECT_HEADER_BYTES = 16_384;

/** Runs in the page: random bytes, which no compression makes smaller. */
const FILL_PROFILE = `(async () => {
  const opening = indexedDB.open('bench');
  await new Promise((resolve, reject) => {
    opening.onupgradeneeded = () => opening.result.createObjectStore('blocks', { autoIncrement: true });
    opening.onerror = reject;
    opening.onsuccess = resolve;
  });
  const writing = opening.result.transaction('blocks', 'readwrite');
  for (let left = ${PROFILE_MB * 16}; left > 0; left--)
    writing.objectStore('blocks').add(crypto.getRandomValues(new Uint8Array(62_500)));
  await new Promise((resolve, reject) => {
    writing.oncomplete = resolve;
    writing.onerror = reject;
  });
  opening.result.close();
})()`;

async function makeContext({ client, rest }: Platform): Promise<string> {
  const { id } = await client.contexts.create({});
  const site = await startSite();
  try {
    const session = await client.sessions.create({
      browserSettings: { context: { id, persist: true } },
    });
    const browser = await chromium.connectOverCDP(session.connectUrl);
    const page = browser.contexts()[0]?.pages()[0];
    await page?.goto(site.url);
    await page?.evaluate(FILL_PROFILE);
    await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
    await browser.close();
    await rest();
  } finally {
    await site.close();
  }
  return id;
}

/** The archive as `tar` takes it: a copy of the one object that this platform keeps. */
async function copyArchive(platform: Platform, folder: string): Promise<string> {
  const objects = globSync(join(platform.wallcrawler.dataDir, 's3', '**', '*')).filter(
    (path) => statSync(path).isFile() && statSync(path).size > PROFILE_MB * MB,
  );
  const [object] = objects;
  if (object === undefined || objects.length > 1)
    throw new Error(`${objects.length} profiles are kept, not one`);
  const archive = join(folder, 'profile.tar.gz');
  await pipeline(createReadStream(object, { start: OBJECT_HEADER_BYTES }), createWriteStream(archive));
  return archive;
}

export const createContext: Part = {
  name: 'create-context',
  what: `a create with a context of ${PROFILE_MB} MB, beside tar and a direct launch on the same profile`,
  async run(bench) {
    const platform = await bench.platform(USUAL);
    const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'));
    try {
      const id = await makeContext(platform);
      const profileArchive = await copyArchive(platform, folder);
      bench.note(`create-context: the archive has ${(statSync(profileArchive).size / MB).toFixed(1)} MB`);
      return await measureCreates(platform, {
        name: this.name,
        ...bench.turns(ROUNDS),
        settings: { browserSettings: { context: { id, persist: false } } },
        direct: { profileArchive },
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
