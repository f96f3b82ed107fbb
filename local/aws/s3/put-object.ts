import { PassThrough, Transform } from 'node:stream';
import { AwsError } from '../wire/aws-error.ts';
import { AwsChunkedDecoder } from './aws-chunked.ts';
import { CHECKSUM_NAMES, type Checksum, type ChecksumName, createDigest, hexOfBase64 } from './checksum.ts';
import { keptHeaders, notImplemented, type ObjectRequest } from './object-request.ts';
import type { ObjectInfo, ObjectStore } from './object-store.ts';

const UNSIGNED = 'UNSIGNED-PAYLOAD';
const UNSIGNED_TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const HEX_SHA256 = /^[0-9a-f]{64}$/;

/** Streams the body to a file and puts it in the object's place once every length and checksum is right. */
export function putObject(
  request: ObjectRequest,
  { store, maxBytes, now }: { store: ObjectStore; maxBytes: number; now: () => Date },
): Promise<ObjectInfo> {
  const { call, key } = request;
  const expected = readExpectations(request, maxBytes);
  const headers = keptHeaders(request);
  const decoder = expected.isChunked ? new AwsChunkedDecoder() : undefined;
  const meter = createMeter(expected);
  const body = { source: call.request, decoder: decoder ?? new PassThrough(), meter: meter.step };
  return store.put(key, body, () => {
    const checksum = expected.checksum ?? trailingChecksum(decoder, expected.trailingChecksumName);
    const measured = meter.finish();
    if (measured.size !== expected.size)
      throw new AwsError('IncompleteBody', 'The body is shorter than announced');
    if (expected.contentMd5 !== undefined && expected.contentMd5 !== measured.md5)
      throw badDigest('Content-MD5');
    if (expected.sha256 !== undefined && expected.sha256 !== hexOfBase64(measured.sha256 ?? '')) {
      throw new AwsError('XAmzContentSHA256Mismatch', 'The body is not the one that was signed');
    }
    if (checksum !== undefined && measured.checksum !== checksum.value) throw badDigest(checksum.name);
    return {
      key,
      size: measured.size,
      md5: hexOfBase64(measured.md5),
      modifiedAtMs: now().getTime(),
      headers,
      ...(checksum === undefined ? {} : { checksum }),
    };
  });
}

const badDigest = (name: string): AwsError =>
  new AwsError('BadDigest', `The ${name} you specified did not match the calculated checksum.`);

interface Expectations {
  readonly size: number;
  readonly isChunked: boolean;
  readonly sha256?: string;
  readonly contentMd5?: string;
  readonly checksum?: Checksum;
  readonly trailingChecksumName?: ChecksumName;
}

function readExpectations(request: ObjectRequest, maxBytes: number): Expectations {
  const { payloadHash, headers } = request.call;
  const isChunked = payloadHash === UNSIGNED_TRAILER;
  if (!isChunked && payloadHash !== UNSIGNED && !HEX_SHA256.test(payloadHash))
    throw notImplemented(payloadHash);
  const length = isChunked ? headers['x-amz-decoded-content-length'] : headers['content-length'];
  if (typeof length !== 'string' || !/^\d{1,15}$/.test(length)) {
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', {
      status: 411,
    });
  }
  if (Number(length) > maxBytes) {
    throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.');
  }
  const name = CHECKSUM_NAMES.find(
    (candidate) => request.option(`x-amz-checksum-${candidate}`) !== undefined,
  );
  const value = name === undefined ? undefined : request.option(`x-amz-checksum-${name}`);
  const trailer = isChunked ? readTrailerName(headers['x-amz-trailer']) : undefined;
  const contentMd5 = headers['content-md5'];
  return {
    size: Number(length),
    isChunked,
    ...(HEX_SHA256.test(payloadHash) ? { sha256: payloadHash } : {}),
    ...(typeof contentMd5 === 'string' ? { contentMd5 } : {}),
    ...(name === undefined || value === undefined ? {} : { checksum: { name, value } }),
    ...(trailer === undefined ? {} : { trailingChecksumName: trailer }),
  };
}

function readTrailerName(header: string | string[] | undefined): ChecksumName | undefined {
  if (header === undefined) return undefined;
  const name = CHECKSUM_NAMES.find((candidate) => header === `x-amz-checksum-${candidate}`);
  if (name === undefined) throw notImplemented(`the trailer ${String(header)}`);
  return name;
}

function trailingChecksum(decoder: AwsChunkedDecoder | undefined, name?: ChecksumName): Checksum | undefined {
  if (name === undefined) return undefined;
  const value = decoder?.trailers.get(`x-amz-checksum-${name}`);
  if (value === undefined)
    throw new AwsError('MalformedTrailerError', `The trailer x-amz-checksum-${name} is missing`);
  return { name, value };
}

/** Passes the body on, and measures it: never more than announced. */
function createMeter(expected: Expectations) {
  const md5 = createDigest('md5');
  const sha256 = expected.sha256 === undefined ? undefined : createDigest('sha256');
  const checksumName = expected.checksum?.name ?? expected.trailingChecksumName;
  const checksum = checksumName === undefined ? undefined : createDigest(checksumName);
  let size = 0;
  const step = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      size += chunk.length;
      if (size > expected.size)
        return callback(new AwsError('IncompleteBody', 'The body is longer than announced'));
      for (const digest of [md5, sha256, checksum]) digest?.update(chunk);
      callback(null, chunk);
    },
  });
  return {
    step,
    finish: () => ({ size, md5: md5.base64(), sha256: sha256?.base64(), checksum: checksum?.base64() }),
  };
}
