import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../wire/aws-error.ts';
import { notImplemented, type ObjectRequest } from './object-request.ts';
import type { ObjectInfo, ObjectStore } from './object-store.ts';

const UNSIGNED = 'UNSIGNED-PAYLOAD';
const HEX_SHA256 = /^[0-9a-f]{64}$/;

/** Streams the body to a file and puts it in the object's place once it is whole and the one that was signed. */
export async function putObject(
  { call, key }: ObjectRequest,
  { store, maxBytes, now }: { store: ObjectStore; maxBytes: number; now: () => Date },
): Promise<ObjectInfo> {
  const { payloadHash, headers, request } = call;
  if (payloadHash !== UNSIGNED && !HEX_SHA256.test(payloadHash)) throw notImplemented(payloadHash);
  const size = readLength(headers, maxBytes);
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');

  async function* measure(): AsyncGenerator<Buffer> {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      md5.update(chunk);
      sha256.update(chunk);
      yield chunk;
    }
  }

  return store.put(key, measure(), () => {
    if (payloadHash !== UNSIGNED && payloadHash !== sha256.digest('hex')) {
      throw new AwsError('XAmzContentSHA256Mismatch', 'The body is not the one that was signed');
    }
    return { key, size, md5: md5.digest('hex'), modifiedAtMs: now().getTime() };
  });
}

/** As announced. That so many bytes come, no more and no fewer, is Node's to see to. */
function readLength({ 'content-length': length }: IncomingHttpHeaders, maxBytes: number): number {
  if (length === undefined) {
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', {
      status: 411,
    });
  }
  if (Number(length) > maxBytes) {
    throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.');
  }
  return Number(length);
}
