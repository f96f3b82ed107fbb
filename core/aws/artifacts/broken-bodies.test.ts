// Objects whose way here breaks off.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CUTS, startCutter } from '../../testing/cut-bodies.ts';
import { createArtifactsBucket } from './artifacts-bucket.ts';
import { readArtifact } from './read-artifact.ts';
import { saveArtifact } from './save-artifact.ts';
import { StoreDownError } from './store-down-error.ts';

const CHECKSUM = Buffer.alloc(4);
CHECKSUM.writeUInt32BE(crc32('x'.repeat(1_000)));

const objects = suite('an object that breaks off');

// The store says of each object how long it is. What it has a checksum of, the SDK reads through a stream of its own.
for (const cut of CUTS.filter(({ name }) => name.startsWith('a length')))
  for (const more of ['', `\r\nx-amz-checksum-crc32: ${CHECKSUM.toString('base64')}`])
    objects(`is a fault of the store: ${cut.name}${more === '' ? '' : ', with a checksum'}`, async () => {
      const store = await startCutter({ ...cut, header: cut.header + more }, 'half');
      const folder = mkdtempSync(join(tmpdir(), 'wallcrawler-cut-'));
      const bucket = createArtifactsBucket('b', true, {
        endpoint: `http://127.0.0.1:${store.port}`,
        region: 'us-west-2',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      });
      const file = join(folder, 'saved');
      try {
        for (const read of [
          () => readArtifact(bucket, 'k', 2_000),
          () => saveArtifact(bucket, 'k', { file, maxBytes: 2_000 }),
        ]) {
          const error = await read().then(
            () => 'it was taken',
            (fault: unknown) => fault,
          );
          assert.instance(error, StoreDownError);
        }
        assert.not.ok(existsSync(file));
      } finally {
        bucket.client.destroy();
        rmSync(folder, { recursive: true });
        await store.stop();
      }
    });

objects.run();
