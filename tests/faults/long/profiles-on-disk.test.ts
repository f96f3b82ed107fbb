/** Profiles that do not fit: to their disk, or to what an archive may hold. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArchiveRefusedError } from '../../../controller/profile/archive-refused.ts';
import { ARCHIVE_LIMITS } from '../../../controller/profile/limits.ts';
import { ProfileTooLargeError, packProfile } from '../../../controller/profile/pack.ts';
import { unpackProfile } from '../../../controller/profile/unpack.ts';
import { blocksOf } from '../../../controller/testing/tar-archive.ts';

const FILES = 100_000;
const MAX_MEMORY_BYTES = 150 * 1024 * 1024;

const t = suite('a profile that does not fit');
let root: string;
t.before.each(() => {
  root = mkdtempSync(join(tmpdir(), 'wallcrawler-faults-'));
});
t.after.each(() => rmSync(root, { recursive: true, force: true }));

/** Runs `work`, and answers its error, how long it took, and by how much memory grew. */
async function measure(work: () => Promise<unknown>) {
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const startedAt = performance.now();
  const error = await work().then(
    () => undefined,
    (fault: Error) => fault,
  );
  clearInterval(timer);
  peak = Math.max(peak, process.memoryUsage().rss);
  return { error, tookMs: Math.round(performance.now() - startedAt), grownBytes: peak - before };
}

function say(
  what: string,
  { tookMs, grownBytes }: { readonly tookMs: number; readonly grownBytes: number },
): void {
  console.log(`${what}: ${tookMs} ms, ${Math.round(grownBytes / 1e6)} MB more memory`);
}

t('of 100,000 files is not saved: the reason names the limit, in bounded time and memory', async () => {
  const profile = join(root, 'profile');
  for (let folder = 0; folder < 100; folder++) {
    mkdirSync(join(profile, String(folder)), { recursive: true });
    for (let file = 0; file < FILES / 100; file++)
      writeFileSync(join(profile, String(folder), String(file)), 'x');
  }
  const archive = join(root, 'archive');
  const measured = await measure(() => packProfile(profile, archive));
  say(`a save of ${FILES} files is refused`, measured);
  assert.instance(measured.error, ProfileTooLargeError);
  assert.is(
    measured.error?.message,
    `The profile cannot be saved: the archive has more than ${ARCHIVE_LIMITS.maxEntries} entries`,
  );
  assert.not(readdirSync(root).includes('archive'), 'nothing is packed');
  assert.ok(measured.tookMs < 10_000 && measured.grownBytes < MAX_MEMORY_BYTES);
});

t('of 100,000 files is not restored: the reason names the entry and the limit', async () => {
  const folder = join(root, 'restored');
  mkdirSync(folder);
  function* entries(): Generator<Buffer> {
    for (let file = 0; file < FILES; file++)
      yield Buffer.concat(blocksOf({ path: `${file % 100}/${file}`, body: 'x' }));
    yield Buffer.alloc(1024);
  }
  const measured = await measure(() => unpackProfile(Readable.from(entries()), { folder }));
  say(`a restore of ${FILES} files is refused`, measured);
  assert.instance(measured.error, ArchiveRefusedError);
  assert.is(
    measured.error?.message,
    `"${ARCHIVE_LIMITS.maxEntries % 100}/${ARCHIVE_LIMITS.maxEntries}" was refused: the archive has more than ${ARCHIVE_LIMITS.maxEntries} entries`,
  );
  assert.ok(measured.tookMs < 40_000 && measured.grownBytes < MAX_MEMORY_BYTES);
});

// A disk of its own for one process: the kernel says ENOSPC, and nobody in its place.
const inside = (command: string) =>
  spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', command], {
    encoding: 'utf8',
    env: { ...process.env, FOLDER: root },
  });
const mount = 'mount -t tmpfs -o size=8m none "$FOLDER"';

t('to its disk is told by name, at a restore and at a save, and nothing is stored', () => {
  if (inside(mount).status !== 0) {
    console.log('Not told of a full disk: this user may not mount one');
    return;
  }
  const script = join(import.meta.dirname, '../support/on-a-small-disk.ts');
  const { stdout, stderr } = inside(`${mount} && exec "${process.execPath}" "${script}"`);
  assert.ok(stdout.startsWith('{'), stderr);
  const { restored, saved, puts, profile } = JSON.parse(stdout);
  assert.is(restored, 'ProfileNotWrittenError: The profile cannot be written (ENOSPC)');
  assert.is(saved, 'ProfileNotReadError: The profile cannot be packed (ENOSPC)');
  assert.equal([puts, profile], [0, ['History']], 'the archive before it stays, and the profile too');
});

t.run();
