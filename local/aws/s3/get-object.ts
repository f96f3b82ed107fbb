import { pipeline } from 'node:stream/promises';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsCall } from '../wire/aws-server.ts';
import type { ObjectStore } from './object-store.ts';
import { notImplemented } from './refusals.ts';

/** GetObject and HeadObject. */
export async function getObject(
  call: AwsCall,
  Bucket: string,
  key: string,
  store: ObjectStore,
): Promise<void> {
  const versionId = call.query.get('versionId') ?? undefined;
  const found = await store.open(key, versionId);
  if (found === undefined && versionId !== undefined)
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', { status: 404 });
  if (found === undefined) {
    // Who may not list is not told what is not there.
    call.authorize('ListBucket', { Bucket });
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
  }
  const { info } = found;
  let range: ReturnType<typeof rangeOf>;
  try {
    // A browser that has a part of it asks for the rest of the same object.
    const isAnother = (call.headers['if-range'] ?? `"${info.md5}"`) !== `"${info.md5}"`;
    range = isAnother ? undefined : rangeOf(call.headers.range, info.size);
  } catch (error) {
    await found.close();
    throw error;
  }
  call.response.writeHead(range === undefined ? 200 : 206, {
    'content-type': 'binary/octet-stream',
    'content-length': range === undefined ? info.size : range.end - range.start + 1,
    ...(range === undefined ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${info.size}` }),
    etag: `"${info.md5}"`,
    'last-modified': new Date(info.modifiedAtMs).toUTCString(),
    ...(info.versionId === undefined ? {} : { 'x-amz-version-id': info.versionId }),
    ...info.metadata,
  });
  if (call.method === 'GET' && info.size > 0) {
    const { start, end } = range ?? { start: 0, end: info.size - 1 };
    return pipeline(found.read(start, end), call.response);
  }
  await found.close();
  call.response.end();
}

/** Of a header `bytes=<first>-<last>`, as players send it; undefined for one that S3 does not follow either. */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, first, last = ''] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === undefined) {
    if (header !== undefined) throw notImplemented(`the range ${header}`);
    return undefined;
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start >= size || start > end)
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', { status: 416 });
  return { start, end };
}
