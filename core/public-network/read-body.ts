import { Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { PublicNetworkError } from './public-network-error.ts';

/** What `readBody` undoes. */
export const ACCEPTED_ENCODINGS = 'gzip, br';

const DECOMPRESSORS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  br: () => createBrotliDecompress(),
};
const MAX_ENCODINGS = 2;

/**
 * The bytes of an answer, decompressed. Never more than `maxBytes` of them are kept, compressed or not: a bomb is let go
 * after that many.
 */
export async function readBody(body: Readable, contentEncoding: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of decompress(body, encodingsOf(contentEncoding), maxBytes)) {
    sizeBytes += (chunk as Buffer).byteLength;
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks, sizeBytes);
}

const tooLarge = (maxBytes: number) =>
  new PublicNetworkError('too-large', `The answer has more than ${maxBytes} bytes`);

const encodingsOf = (header: string): readonly string[] =>
  header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');

function decompress(body: Readable, encodings: readonly string[], maxBytes: number): Readable {
  const unknown = encodings.find((name) => !Object.hasOwn(DECOMPRESSORS, name));
  if (unknown !== undefined || encodings.length > MAX_ENCODINGS)
    throw new PublicNetworkError('bad-answer', 'The answer has a content-encoding that was not asked for');
  if (encodings.length === 0) return body;
  // The last one named was applied last, and is undone first.
  const streams = encodings.toReversed().map((name) => DECOMPRESSORS[name]?.() as Transform);
  return streams.reduce<Readable>(
    (source, next) => joined(source, next),
    Readable.from(bounded(body, maxBytes)),
  );
}

/** `pipe` that hands an error on, and stops the source with its reader. */
function joined(source: Readable, next: Transform): Readable {
  source.once('error', (error) => next.destroy(error));
  next.once('close', () => source.destroy());
  return source.pipe(next);
}

async function* bounded(body: Readable, maxBytes: number): AsyncGenerator<Buffer> {
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += (chunk as Buffer).byteLength;
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    yield chunk as Buffer;
  }
}
