import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BucketSpec } from '../../../terraform/reader/infrastructure.ts';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsCall, AwsService } from '../wire/aws-server.ts';
import { COPY_SOURCE, copyObject } from './copy-object.ts';
import { expireObjects, expireVersions } from './expire-objects.ts';
import { getObject } from './get-object.ts';
import { listObjects } from './list-objects.ts';
import { listVersions } from './list-versions.ts';
import { createObjectStore, type ObjectStore } from './object-store.ts';
import { createOldVersions } from './old-versions.ts';
import { CONDITIONS, putObject } from './put-object.ts';
import { notImplemented } from './refusals.ts';

/** Of an object put in one piece. */
const MAX_OBJECT_BYTES = 5 * 1024 ** 3;
const MAX_KEY_BYTES = 1024;

/** Of presigned URLs and of signed calls: as parameters or as headers. */
const KNOWN_OPTION =
  /^x-(?:id|amz-(?:algorithm|checksum-mode|content-sha256|credential|date|expires|signature|signedheaders|user-agent|copy-source|meta-[a-z0-9-]+))$/i;
const UNSUPPORTED_HEADER =
  /^(?:cache-control|content-(?:disposition|encoding|language|md5)|expires|if-(?!range$).+)$/;

/** By method, as IAM names what it does. */
const ACTIONS: Readonly<Record<string, string>> = {
  PUT: 'PutObject',
  GET: 'GetObject',
  HEAD: 'GetObject',
  DELETE: 'DeleteObject',
};

const notFound = (code: string, message: string): AwsError => new AwsError(code, message, { status: 404 });

/** S3: path-style, objects put in one piece. Where a bucket has versions some of them are kept (old-versions.ts). */
export function createS3Api(options: {
  /** What was put before there were several lies in the first one. */
  readonly buckets: readonly BucketSpec[];
  /** Has `objects/<bucket>/` and `unfinished/`. */
  readonly folder: string;
  readonly maxObjectBytes?: number;
  readonly now: () => Date;
}): AwsService & { expire(): Promise<number> } {
  const { buckets, folder, now, maxObjectBytes: maxBytes = MAX_OBJECT_BYTES } = options;
  const unfinished = join(folder, 'unfinished');
  // What a crash has left there.
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  adoptOldFolders(folder, buckets[0]?.name);
  const openStore = ({ name, oldVersionDays }: BucketSpec) =>
    createObjectStore(
      join(folder, 'objects', name),
      unfinished,
      oldVersionDays === null ? undefined : createOldVersions(join(folder, 'versions', name)),
    );
  const stores = new Map(buckets.map((spec) => [spec.name, openStore(spec)]));
  return {
    /** Deletes what its bucket keeps no longer; resolves with how many. */
    async expire() {
      let deleted = 0;
      for (const { name, expiry, oldVersionDays } of buckets) {
        const store = stores.get(name);
        if (store === undefined) continue;
        deleted += await expireObjects(store, expiry, now());
        deleted += await expireVersions(store, oldVersionDays, now());
      }
      return deleted;
    },
    protocol: 'rest-xml',
    preflight(path, { origin, 'access-control-request-method': method }, response) {
      const spec = buckets.find(({ name }) => name === path.split('/')[1]);
      if (origin === undefined || method !== 'GET' || spec?.readableFrom.includes('*') !== true)
        throw new AwsError('AccessForbidden', 'CORSResponse: This CORS request is not allowed.', {
          status: 403,
        });
      const allowed = { 'access-control-allow-methods': 'GET', 'access-control-allow-headers': 'range' };
      response.writeHead(200, { 'access-control-allow-origin': '*', ...allowed }).end();
    },
    async handle(call) {
      const { Bucket, Key } = readTarget(call);
      const action = actionOf(call, Key);
      const store = stores.get(Bucket);
      const spec = buckets.find(({ name }) => name === Bucket);
      if (store === undefined || spec === undefined)
        throw notFound('NoSuchBucket', 'The specified bucket does not exist');
      call.authorize(action, { Bucket, ...(Key === '' ? {} : { Key }) });
      tellOrigins(call, spec);
      await act(call, { Bucket, Key }, { store, spec });
    },
  };

  async function act(call: AwsCall, target: Target, { store, spec }: Place): Promise<void> {
    const { method, query } = call;
    const { Bucket, Key } = target;
    if (Key === '') {
      await (query.has('versions') ? listVersions(call, Bucket, store) : listObjects(call, Bucket, store));
    } else if (method === 'GET' || method === 'HEAD') {
      await getObject(call, Bucket, Key, store);
    } else if (method === 'PUT') {
      await (call.headers[COPY_SOURCE] === undefined
        ? putObject(call, Key, { store, maxBytes, now })
        : copyObject(call, target, { store, now }));
    } else {
      await deleteObject(call, Key, { store, spec });
    }
  }
}

interface Place {
  readonly store: ObjectStore;
  readonly spec: BucketSpec;
}

async function deleteObject(
  { query, response }: AwsCall,
  key: string,
  { store, spec }: Place,
): Promise<void> {
  const versionId = query.get('versionId');
  // S3 puts a marker in its place. Nobody here leaves one: what is deleted goes with its versions.
  if (versionId === null && spec.oldVersionDays !== null)
    throw notImplemented('a deletion that keeps versions');
  await (versionId === null ? store.delete(key) : store.deleteVersion(key, versionId));
  response.writeHead(204).end();
}

/** As IAM names it. */
function actionOf({ method, query }: Pick<AwsCall, 'method' | 'query'>, key: string): string {
  if (key === '' && method === 'GET') return query.has('versions') ? 'ListBucketVersions' : 'ListBucket';
  const action = ACTIONS[method];
  if (action === undefined || key === '')
    throw notImplemented(`${method} on ${key === '' ? 'a bucket' : 'an object'}`);
  return query.has('versionId') ? `${action}Version` : action;
}

interface Target {
  readonly Bucket: string;
  /** `''`: the bucket itself. */
  readonly Key: string;
}

/** Refuses what would have no effect here. */
function readTarget({ method, query, headers, path }: AwsCall): Target {
  const isList = method === 'GET' && /^\/[^/]+\/?$/.test(path);
  const isKnown = (name: string) => KNOWN_OPTION.test(name) || (name === 'versionId' && method !== 'PUT');
  const parameter = isList ? undefined : [...query.keys()].find((name) => !isKnown(name));
  if (parameter !== undefined) throw notImplemented(`the parameter ${parameter}`);
  const header = Object.keys(headers).find(
    (name) =>
      (UNSUPPORTED_HEADER.test(name) &&
        // Of a GET it is for caches on the way.
        !(method === 'GET' && name === 'cache-control') &&
        !(method === 'PUT' && CONDITIONS.includes(name))) ||
      (name.startsWith('x-amz-') && !KNOWN_OPTION.test(name)),
  );
  if (header !== undefined) throw notImplemented(`the header ${header}`);
  const [, Bucket = '', ...rest] = path.split('/');
  return { Bucket, Key: decodeKey(rest.join('/')) };
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

/** Pages of these origins may read an answer. S3 says it of each answer to a request that names its page's origin. */
function tellOrigins({ headers, response }: AwsCall, { readableFrom }: BucketSpec): void {
  const { origin } = headers;
  if (origin === undefined || !readableFrom.includes('*')) return;
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', 'content-length, content-range');
}

/** When there was one bucket, its objects lay in `objects` itself; later in a folder of each bucket. */
function adoptOldFolders(folder: string, bucket = ''): void {
  const [objects, earlier] = [join(folder, 'objects'), join(folder, bucket, 'objects')];
  mkdirSync(join(objects, bucket), { recursive: true });
  if (existsSync(earlier)) {
    renameSync(earlier, join(objects, bucket));
    rmSync(join(folder, bucket), { recursive: true });
  }
  for (const entry of readdirSync(objects, { withFileTypes: true }))
    if (entry.isFile()) renameSync(join(objects, entry.name), join(objects, bucket, entry.name));
}
