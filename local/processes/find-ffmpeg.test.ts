import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeFfmpeg, findFfmpeg } from './find-ffmpeg.ts';

let folder: string;
const t = suite('the ffmpeg of a machine');
t.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'ffmpeg-'));
});
t.after.each(() => rmSync(folder, { recursive: true, force: true }));

const write = (commands: string) =>
  writeFileSync(join(folder, 'ffmpeg'), `#!/bin/sh\n${commands}\n`, { mode: 0o755 });

t('is the first one on the PATH, if it has what is needed', async () => {
  write('echo "configuration: --enable-gpl --enable-libdav1d --enable-libx264"');
  const found = await findFfmpeg(`/nowhere:${folder}:/usr/bin`);
  assert.equal(found, { path: join(folder, 'ffmpeg') });
  assert.is(describeFfmpeg(found), join(folder, 'ffmpeg'));
});

t('is none where it lacks something, or does not run, and it is said why', async () => {
  const whyOf = async () => describeFfmpeg(await findFfmpeg(`relative:${folder}`));
  const path = join(folder, 'ffmpeg');
  assert.match(await whyOf(), 'none, MP4 files of recordings are AV1');
  assert.match(await whyOf(), 'there is no ffmpeg on the PATH');
  write('echo "configuration: --enable-libdav1d"');
  assert.match(await whyOf(), `${path} is built without libx264`);
  write('exit 3');
  assert.match(await whyOf(), `${path} does not run here (3)`);
  chmodSync(path, 0o644);
  assert.match(await whyOf(), 'there is no ffmpeg on the PATH');
});

t.run();
