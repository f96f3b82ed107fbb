import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openLineLog } from './line-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'log-'));
const t = suite('a log');
t.after(() => rmSync(folder, { recursive: true, force: true }));

t('keeps the newest lines in two files of bounded size', async () => {
  const path = join(folder, 'a', 'f.log');
  const log = openLineLog(path, 20);
  for (const line of ['line one', 'line two', 'line three', 'line four', 'line five']) log.write(line);
  await log.close();
  assert.is(readFileSync(path, 'utf8'), 'line four\nline five\n');
  assert.is(readFileSync(`${path}.1`, 'utf8'), 'line three\n');
});

t('goes on where the last start stopped', async () => {
  const path = join(folder, 'g.log');
  for (const line of ['one', 'two']) {
    const log = openLineLog(path);
    log.write(line);
    await log.close();
  }
  assert.is(readFileSync(path, 'utf8'), 'one\ntwo\n');
});

t.run();
