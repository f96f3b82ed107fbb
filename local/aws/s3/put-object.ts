import { createHash } from 'node:crypto';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsCall } from '../wire/aws-server.ts';
import type { ObjectInfo, ObjectStore } from './object-store.ts';

const UNSIGNED = 'UNSIGNED-PAYLOAD';

/** Streams the body to a file and puts it in the object's place once it is whole and the one that was signed. */
export async function putObject(
  { payloadHash, headers, request }: AwsCall,
  key: string,
  { store, maxBytes, now }: { store: ObjectStore; maxBytes: number; now: () => Date },
): Promise<ObjectInfo> {
  // As announced. That so many bytes come, no more and no fewer, is Node's to see to.
  const { 'content-length': length } = headers;
  if (length === undefined) {
    const message = 'You must provide the Content-Length HTTP header.';
    throw new AwsError('MissingContentLength', message, { status: 411 });
  }
  if (Number(length) > maxBytes) {
    throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.');
  }
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
    return { key, size: Number(length), md5: md5.digest('hex'), modifiedAtMs: now().getTime() };
  });
}
