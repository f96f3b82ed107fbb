/** Profiles that another version of Chrome has written: as their `Last Version` and the formats of their databases say. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packProfile } from '../../../controller/profile/pack.ts';
import { unpackProfile } from '../../../controller/profile/unpack.ts';
import { connect, ended, type SessionTest, sessionTests } from '../../../controller/testing/session-suite.ts';

const suiteOfProfiles = suite('a profile of another Chrome');
const session = sessionTests(suiteOfProfiles);
const settings = { context: { id: 'c', persist: true } };
const LOCAL = `localStorage.getItem('kept')`;

/** A session that visits the page, and what it has there. */
async function visit({ start, site }: SessionTest, path = '') {
  const controller = await start({ settings });
  const browser = await connect(controller);
  const page = await browser.newPage();
  await page.goto(`${site.url}${path}`);
  const kept = await page.evaluate(LOCAL);
  if (path !== '') await page.evaluate(`localStorage.setItem('kept', 'local')`);
  await browser.disconnect();
  await controller.exited;
  return { kept, cookies: site.cookies.at(-1) };
}

/** Changes what is in the stored archive. */
async function rewrite({ platform }: SessionTest, change: (profile: string) => void): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'wallcrawler-faults-'));
  try {
    const profile = join(root, 'profile');
    mkdirSync(profile);
    await unpackProfile(Readable.from([platform.state.archive]), { folder: profile });
    change(profile);
    await packProfile(profile, join(root, 'archive'));
    platform.state.archive = readFileSync(join(root, 'archive'));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const setLastVersion = (version: string) => (profile: string) => {
  assert.ok(existsSync(join(profile, 'Last Version')), 'Chrome writes it');
  writeFileSync(join(profile, 'Last Version'), version);
};

for (const version of ['1.0.0.0', '999.0.0.0', 'no version'])
  session(`whose version is ${version} starts, and has its logins`, async (test) => {
    await visit(test, '/login');
    await rewrite(test, setLastVersion(version));
    assert.equal(await visit(test), { kept: 'local', cookies: 'login=yes; remembered=yes' });
    assert.equal(
      ended(test.platform).map(({ reason }) => reason),
      ['disconnected', 'disconnected'],
    );
  });

session(
  'whose cookies are in a format of the future starts without them, and keeps the rest',
  async (test) => {
    await visit(test, '/login');
    await rewrite(test, (profile) => {
      const database = new DatabaseSync(join(profile, 'Default/Cookies'));
      database.exec(`UPDATE meta SET value = '9999' WHERE key IN ('version', 'last_compatible_version')`);
      database.close();
    });
    const seen = await visit(test);
    assert.is(seen.kept, 'local');
  },
);

suiteOfProfiles.run();
