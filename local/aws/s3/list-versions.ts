import type { AwsCall } from '../wire/aws-server.ts';
import { send, toXml } from '../wire/respond.ts';
import type { ObjectInfo, ObjectStore } from './object-store.ts';
import { versionIdOf } from './old-versions.ts';
import { notImplemented } from './refusals.ts';

/** As S3 has it; what is not here is refused. */
const PARAMETERS: readonly string[] = ['versions', 'prefix', 'x-id'];

/** ListObjectVersions, of all objects below a prefix on one page: of each object there are few. */
export async function listVersions(
  { query, response }: Pick<AwsCall, 'query' | 'response'>,
  bucket: string,
  store: Pick<ObjectStore, 'list' | 'versions'>,
): Promise<void> {
  const unknown = [...query.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) throw notImplemented(`the parameter ${unknown}`);
  const prefix = query.get('prefix') ?? '';
  const found: string[] = [];
  for (const { key } of await store.list(prefix))
    for (const [at, version] of (await store.versions(key)).entries())
      found.push(describe(version, at === 0));
  const head = toXml({ Name: bucket, Prefix: prefix, IsTruncated: 'false' });
  const body = `<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${head}${found.join('')}</ListVersionsResult>`;
  send(response, 200, 'application/xml', `<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
}

const describe = (version: ObjectInfo, isLatest: boolean): string =>
  toXml({
    Version: {
      Key: version.key,
      VersionId: versionIdOf(version),
      IsLatest: String(isLatest),
      LastModified: new Date(version.modifiedAtMs).toISOString(),
      ETag: `"${version.md5}"`,
      Size: String(version.size),
      StorageClass: 'STANDARD',
    },
  });
