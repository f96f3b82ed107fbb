import { AwsError } from '../wire/aws-error.ts';
import type { AwsCall } from '../wire/aws-server.ts';

/** A call, taken apart as S3 does it: path-style, and a presigned URL's parameters count as headers. */
export interface ObjectRequest {
  readonly call: AwsCall;
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  /** A header, or the parameter of the same name. */
  option(name: string): string | undefined;
}

export const MAX_KEY_BYTES = 1024;
const MAX_METADATA_BYTES = 2048;

const KNOWN_PARAMETERS =
  /^(?:X-Amz-(?:Algorithm|Content-Sha256|Credential|Date|Expires|Signature|SignedHeaders)|x-id|x-amz-user-agent|list-type|prefix|max-keys|continuation-token)$/;
const KNOWN_AMZ_OPTIONS =
  /^x-amz-(?:date|content-sha256|user-agent|decoded-content-length|trailer|sdk-checksum-algorithm|checksum-mode|checksum-(?:crc32|sha1|sha256)|meta-.+)$/;
const UNSUPPORTED_HEADERS = [
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
];

export const notImplemented = (what: string): AwsError =>
  new AwsError('NotImplemented', `This stand-in does not support ${what}`, { status: 501 });

/** Takes a call apart and refuses what would have no effect here. */
export function readObjectRequest(call: AwsCall): ObjectRequest {
  for (const [name] of call.query) {
    if (!KNOWN_PARAMETERS.test(name) && !KNOWN_AMZ_OPTIONS.test(name))
      throw notImplemented(`the parameter ${name}`);
  }
  for (const name of Object.keys(call.headers)) {
    const isUnknown = name.startsWith('x-amz-') && !KNOWN_AMZ_OPTIONS.test(name);
    if (isUnknown || UNSUPPORTED_HEADERS.includes(name)) throw notImplemented(`the header ${name}`);
  }
  const [, bucket = '', ...rest] = call.path.split('/');
  const key = decodeKey(rest.join('/'));
  const parameters = new Map(call.query);
  return {
    call,
    bucket,
    key,
    option: (name) => {
      const header = call.headers[name];
      return typeof header === 'string' ? header : parameters.get(name);
    },
  };
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

const KEPT_HEADERS = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires'];

/** The headers that S3 keeps with an object and gives back. */
export function keptHeaders({ call: { headers, query } }: ObjectRequest): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of [...query, ...Object.entries(headers)]) {
    if (typeof value === 'string' && (KEPT_HEADERS.includes(name) || name.startsWith('x-amz-meta-')))
      kept[name] = value;
  }
  const encoding = (headers['content-encoding'] ?? '')
    .split(',')
    .filter((item) => item.trim() !== 'aws-chunked');
  if (encoding.join('').trim() !== '') kept['content-encoding'] = encoding.join(',').trim();
  const size = Object.entries(kept).reduce(
    (sum, [name, value]) => sum + name.length + Buffer.byteLength(value),
    0,
  );
  if (size > MAX_METADATA_BYTES) throw new AwsError('MetadataTooLarge', 'The metadata is larger than 2 KB');
  return kept;
}
