import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeOldChrome, readBuildDate } from './check-chrome.ts';

const NOW = new Date('2026-11-28T12:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

const t = suite('the age of a Chrome');

t('is told of one that is more than 90 days old', () => {
  for (const days of [0, 6, 90]) assert.is(describeOldChrome(daysAgo(days), NOW), undefined);
  for (const days of [91, 400])
    assert.is(
      describeOldChrome(daysAgo(days), NOW),
      `this browser was built ${days} days ago and lacks what was mended since: update it, or set CHROME_PATH to a newer one`,
    );
});

t('is not told of one from a clock that runs ahead, nor of one that does not say', () => {
  assert.is(describeOldChrome(daysAgo(-3), NOW), undefined);
  assert.is(describeOldChrome(undefined, NOW), undefined);
});

t('is the time of its file, which packages keep from the build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chrome-age-'));
  try {
    const path = join(folder, 'chromium');
    writeFileSync(path, '');
    utimesSync(path, NOW, daysAgo(120));
    assert.equal(readBuildDate(path), daysAgo(120));
    for (const reproducible of ['1970-01-01T00:00:01Z', '1980-01-01T00:00:00Z']) {
      utimesSync(path, NOW, new Date(reproducible));
      assert.is(readBuildDate(path), undefined, 'no date of a build');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

t.run();
