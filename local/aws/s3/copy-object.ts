import { Readable } from 'node:stream';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsCall } from '../wire/aws-server.ts';
import { send, toXml } from '../wire/respond.ts';
import type { ObjectStore, OpenObject } from './object-store.ts';

export const COPY_SOURCE = 'x-amz-copy-source';

/** CopyObject of a version of the same bucket, with all that it says about itself. */
export async function copyObject(
  { headers, response, authorize }: Pick<AwsCall, 'headers' | 'response' | 'authorize'>,
  { Bucket, Key }: { readonly Bucket: string; readonly Key: string },
  { store, now }: { readonly store: ObjectStore; readonly now: () => Date },
): Promise<void> {
  const source = /^\/?([^/]+)\/(.+)\?versionId=(\w+)$/.exec(String(headers[COPY_SOURCE]));
  const [, bucket, key = '', versionId = ''] = source ?? [];
  if (bucket !== Bucket)
    throw new AwsError('InvalidArgument', `${COPY_SOURCE} is to name a version of this bucket`);
  const sourceKey = decodeURIComponent(key);
  authorize('GetObjectVersion', { Bucket, Key: sourceKey });
  const found = await store.open(sourceKey, versionId);
  if (found === undefined)
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', { status: 404 });
  const { info } = found;
  const { versionId: _, ...rest } = info;
  const content = info.size === 0 ? await nothingOf(found) : found.read(0, info.size - 1);
  const copy = await store.put(Key, content, () => ({ ...rest, key: Key, modifiedAtMs: now().getTime() }));
  const body = toXml({
    CopyObjectResult: { ETag: `"${copy.md5}"`, LastModified: new Date(copy.modifiedAtMs).toISOString() },
  });
  const version = copy.versionId === undefined ? {} : { 'x-amz-version-id': copy.versionId };
  send(response, 200, 'application/xml', body, version);
}

/** An empty object has no first byte to read from. */
async function nothingOf({ close }: OpenObject): Promise<AsyncIterable<Buffer>> {
  await close();
  return Readable.from([]);
}
