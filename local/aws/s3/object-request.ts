import { AwsError } from '../wire/aws-error.ts';
import type { AwsCall } from '../wire/aws-server.ts';

/** A call, taken apart as S3 does it, path-style. */
export interface ObjectRequest {
  readonly call: AwsCall;
  readonly bucket: string;
  readonly key: string;
}

const MAX_KEY_BYTES = 1024;

/** Of presigned URLs and of signed calls: as parameters or as headers. */
const KNOWN_OPTIONS = [
  'x-amz-algorithm',
  'x-amz-checksum-mode',
  'x-amz-content-sha256',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-signature',
  'x-amz-signedheaders',
  'x-amz-user-agent',
  'x-id',
];
const UNSUPPORTED_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-md5',
  'expires',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'range',
];

export const notImplemented = (what: string): AwsError =>
  new AwsError('NotImplemented', `This stand-in does not support ${what}`, { status: 501 });

/** Takes a call apart and refuses what would have no effect here. */
export function readObjectRequest(call: AwsCall): ObjectRequest {
  for (const name of call.query.keys()) {
    if (!KNOWN_OPTIONS.includes(name.toLowerCase())) throw notImplemented(`the parameter ${name}`);
  }
  for (const name of Object.keys(call.headers)) {
    const isUnknown = name.startsWith('x-amz-') && !KNOWN_OPTIONS.includes(name);
    if (isUnknown || UNSUPPORTED_HEADERS.includes(name)) throw notImplemented(`the header ${name}`);
  }
  const [, bucket = '', ...rest] = call.path.split('/');
  return { call, bucket, key: decodeKey(rest.join('/')) };
}

function decodeKey(encoded: string): string {
  let key: string;
  try {
    key = decodeURIComponent(encoded);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new AwsError('KeyTooLongError', 'Your key is too long');
  return key;
}
