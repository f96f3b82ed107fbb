/** Sizes of images, for a person. */
const MEGABYTE = 1_000_000;
// As engines write sizes: 437MB, 1.2 GB.
const IS_LARGE = /[MG]B$/;

const megabytes = (bytes) => `${(bytes / MEGABYTE).toFixed(1)} MB`.padStart(10);
const sum = (sizes) => sizes.reduce((total, size) => total + size, 0);

/** The whole size, and `docker history` as lines of size and instruction: the layers that are worth a line. */
export function describeLayers(totalBytes, history) {
  const lines = history
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([size]) => IS_LARGE.test(size))
    .map(([size, instruction = '']) => `${size.padStart(10)}  ${shorten(instruction)}`);
  return [...lines, `${megabytes(totalBytes)}  unpacked`].join('\n');
}

const shorten = (instruction) =>
  instruction
    .replace(/^\/bin\/sh -c (#\(nop\)\s*)?/, '')
    .replace(/\s+/g, ' ')
    .slice(0, 90);

/** A manifest as the registry has it: what a task has to fetch. Says so when the builder did not use zstd. */
export function describeManifest({ layers = [] }, { isZstdWanted = true } = {}) {
  const others = layers.filter(({ mediaType }) => !mediaType.endsWith('+zstd'));
  const lines = [`${megabytes(sum(layers.map(({ size }) => size)))}  to fetch, in ${layers.length} layers`];
  if (isZstdWanted && others.length > 0) {
    lines.push(
      `${others.length} of them without zstd: a session starts seconds sooner when the image is built by a builder ` +
        'that knows it ("docker buildx create --use")',
    );
  }
  return lines.join('\n');
}
