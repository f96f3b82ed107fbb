import { AwsError } from '../wire/aws-error.ts';
import type { AwsCall } from '../wire/aws-server.ts';
import { send, toXml } from '../wire/respond.ts';
import type { ObjectStore } from './object-store.ts';

/** As S3 has it; what is not here is refused. */
const PARAMETERS: readonly string[] = ['list-type', 'prefix', 'continuation-token', 'x-id'];
const PAGE_KEYS = 1_000;

/** ListObjectsV2: the objects below a prefix in the order of their keys, a page at a time. */
export async function listObjects(
  { query, response }: Pick<AwsCall, 'query' | 'response'>,
  bucket: string,
  store: Pick<ObjectStore, 'list'>,
): Promise<void> {
  const unknown = [...query.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined || query.get('list-type') !== '2')
    throw new AwsError(
      'NotImplemented',
      `This stand-in does not support the parameter ${unknown ?? 'list-type'}`,
      {
        status: 501,
      },
    );
  const prefix = query.get('prefix') ?? '';
  // The key after which the page begins.
  const after = query.get('continuation-token');
  const found = (await store.list(prefix)).filter(({ key }) => after === null || key > after);
  const page = found.slice(0, PAGE_KEYS);
  const isTruncated = found.length > page.length;
  const contents = page.map(({ key, size, md5, modifiedAtMs }) =>
    toXml({
      Contents: {
        Key: key,
        LastModified: new Date(modifiedAtMs).toISOString(),
        ETag: `"${md5}"`,
        Size: String(size),
        StorageClass: 'STANDARD',
      },
    }),
  );
  const head = toXml({
    Name: bucket,
    Prefix: prefix,
    KeyCount: String(page.length),
    MaxKeys: String(PAGE_KEYS),
    IsTruncated: String(isTruncated),
    ...(isTruncated ? { NextContinuationToken: page.at(-1)?.key ?? '' } : {}),
  });
  const body = `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${head}${contents.join('')}</ListBucketResult>`;
  send(response, 200, 'application/xml', `<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
}
