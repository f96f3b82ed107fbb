import { suite } from 'uvu';
import * as assert from 'uvu/assert';
// @ts-expect-error plain JavaScript without types
import { describeLayers, describeManifest } from './image-sizes.mjs';

const sizes = suite('the size of an image');

sizes('is told by the layers that are worth a line, and in all', () => {
  const history = [
    '0B\tCMD ["node"]',
    '12.5kB\tCOPY small /',
    '437MB\t/bin/sh -c apt-get   install\n'.trimEnd(),
    '1.2GB\t/bin/sh -c #(nop)  COPY large /',
  ].join('\n');
  assert.is(
    describeLayers(1_650_000_000, `${history}\n`),
    '     437MB  apt-get install\n     1.2GB  COPY large /\n 1650.0 MB  unpacked',
  );
});

sizes('shows ninety characters of an instruction, and none where an engine tells none', () => {
  const [line = ''] = describeLayers(1, `5MB\t${'x'.repeat(200)}`).split('\n');
  assert.is(line, `       5MB  ${'x'.repeat(90)}`);
  assert.is(describeLayers(2_000_000, '5MB'), '       5MB  \n    2.0 MB  unpacked');
  assert.is(describeLayers(2_000_000, ''), '    2.0 MB  unpacked');
});

const layer = (size: number, kind: string) => ({
  size,
  mediaType: `application/vnd.oci.image.layer.v1.tar+${kind}`,
});

sizes('in a registry is what a task has to fetch', () => {
  const manifest = { layers: [layer(200_000_000, 'zstd'), layer(12_340_000, 'zstd')] };
  assert.is(describeManifest(manifest), '  212.3 MB  to fetch, in 2 layers');
  assert.is(describeManifest({}), '    0.0 MB  to fetch, in 0 layers');
});

sizes('says how many layers a better builder would make smaller', () => {
  const told = describeManifest({ layers: [layer(1_000_000, 'gzip'), layer(1_000_000, 'zstd')] });
  assert.match(
    told,
    /^ {4}2\.0 MB {2}to fetch, in 2 layers\n1 of them without zstd: .*docker buildx create --use/,
  );
});

sizes.run();
