import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { AppError } from '../domain/errors.ts';
import { fileNameOf } from '../domain/file-name.ts';

/** The one file of a request's body. What it is called is safe as the name of a file; what is in it is the sender's. */
export interface UploadedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface MultipartRules {
  /** At most MAX_MULTIPART_FILE_BYTES: above it no body arrives. */
  readonly maxFileBytes: number;
  /** Where a larger file goes instead, as a sentence. */
  readonly largerFiles?: string;
}

/**
 * Lambda takes an event of 6 MB, in which a body of bytes is base64: a third larger. What is left is for the headers.
 * The body of a whole multipart request arrives in memory at once, so that there is nothing to stream.
 */
export const MAX_MULTIPART_FILE_BYTES = 4_400_000;

const PARTS = Object.freeze({
  files: 1,
  fields: 1,
  parts: 1,
  fieldSize: 0,
  headerPairs: 16,
  headerSize: 8 * 1024,
});

const PIECE_BYTES = 64 * 1024;
const MALFORMED = 'body must be valid multipart/form-data';

/** Reads a multipart/form-data body, which holds one part: the file named `file`. Throws an AppError that says what is wrong. */
export async function readUploadedFile(
  body: Buffer,
  contentType: string,
  { maxFileBytes, largerFiles = '' }: MultipartRules,
): Promise<UploadedFile> {
  const { promise, resolve, reject } = Promise.withResolvers<UploadedFile | undefined>();
  const refuse = (fault: string) => reject(new AppError('BAD_REQUEST', [fault]));
  // One byte more tells a file that is too large from one that just fits.
  const parser = createParser(contentType, maxFileBytes + 1);
  const chunks: Buffer[] = [];
  let name: string | undefined;
  parser.on('partsLimit', () => refuse('body must have one part only, file'));
  parser.on('field', (field) =>
    refuse(field === 'file' ? 'body/file must have a filename' : unknownPart(field)),
  );
  parser.on('file', (field, stream, filename = '') => {
    if (field !== 'file') refuse(unknownPart(field));
    name = fileNameOf(filename);
    if (name === undefined) refuse('body/file must have a filename, of at most 255 bytes');
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => refuse(MALFORMED));
  });
  parser.on('error', () => refuse(MALFORMED));
  parser.on('finish', () => resolve(name === undefined ? undefined : { name, bytes: Buffer.concat(chunks) }));
  await feed(parser, body, { over: promise, hasBegun: () => name !== undefined });
  const file = await promise;
  if (file === undefined) throw new AppError('BAD_REQUEST', ["body must have required property 'file'"]);
  if (file.bytes.length > maxFileBytes) throw new AppError('FILE_TOO_LARGE', [maxFileBytes, largerFiles]);
  return file;
}

/**
 * Piece by piece, so that what is refused is not read on, and what begins with no file within the first piece is none: the
 * parser would take seconds for megabytes of nothing but boundaries.
 */
async function feed(
  parser: BusboyInstance,
  body: Buffer,
  { over, hasBegun }: { readonly over: Promise<unknown>; readonly hasBegun: () => boolean },
): Promise<void> {
  let isOver = false;
  const markOver = () => {
    isOver = true;
  };
  const end = over.then(markOver, markOver);
  for (let at = 0; at < body.length && !isOver && (at === 0 || hasBegun()); at += PIECE_BYTES) {
    const written = new Promise<void>((resolve) => {
      parser.write(body.subarray(at, at + PIECE_BYTES), () => resolve());
    });
    await Promise.race([written, end]);
  }
  parser.end();
}

function createParser(contentType: string, fileSize: number): BusboyInstance {
  try {
    if (!/^multipart\/form-data\s*;/i.test(contentType)) throw new Error('another type');
    return new Busboy({ headers: { 'content-type': contentType }, limits: { ...PARTS, fileSize } });
  } catch (cause) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', ['multipart/form-data with a boundary'], { cause });
  }
}

// A client's own word, as long as it likes.
const unknownPart = (field: string | undefined): string =>
  `body must have one part only, file, and not ${JSON.stringify((field ?? '').slice(0, 100).toWellFormed())}`;
