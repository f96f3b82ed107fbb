import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BucketSpec } from '../../../terraform/reader/infrastructure.ts';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsCall, AwsService } from '../wire/aws-server.ts';
import { send } from '../wire/respond.ts';
import { expireObjects } from './expire-objects.ts';
import { listObjects } from './list-objects.ts';
import { createObjectStore, type ObjectInfo, type ObjectStore } from './object-store.ts';

/** Of an object put in one piece. */
const MAX_OBJECT_BYTES = 5 * 1024 ** 3;
const MAX_KEY_BYTES = 1024;

/** Of presigned URLs and of signed calls: as parameters or as headers. */
const KNOWN_OPTION =
  /^x-(?:id|amz-(?:algorithm|checksum-mode|content-sha256|credential|date|expires|signature|signedheaders|user-agent))$/i;
const UNSUPPORTED_HEADER =
  /^(?:cache-control|content-(?:disposition|encoding|language|md5)|expires|if-(?!range$).+)$/;

/** By method, as IAM names what it does. */
const ACTIONS: Readonly<Record<string, string>> = {
  PUT: 'PutObject',
  GET: 'GetObject',
  HEAD: 'GetObject',
  DELETE: 'DeleteObject',
};

const notImplemented = (what: string): AwsError =>
  new AwsError('NotImplemented', `This stand-in does not support ${what}`, { status: 501 });

const notFound = (code: string, message: string): AwsError => new AwsError(code, message, { status: 404 });

/** S3: path-style, objects put in one piece. Versions are not kept: the last PUT is all there is. */
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
  const openStore = (bucket: string) => createObjectStore(join(folder, 'objects', bucket), unfinished);
  const stores = new Map(buckets.map(({ name }) => [name, openStore(name)]));
  return {
    /** Deletes what its bucket keeps no longer; resolves with how many. */
    async expire() {
      let deleted = 0;
      for (const { name, expiry } of buckets) {
        const store = stores.get(name);
        if (store !== undefined) deleted += await expireObjects(store, expiry, now());
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
      const action = actionOf(call.method, Key);
      const store = stores.get(Bucket);
      const spec = buckets.find(({ name }) => name === Bucket);
      if (store === undefined || spec === undefined)
        throw notFound('NoSuchBucket', 'The specified bucket does not exist');
      call.authorize(action, { Bucket, ...(Key === '' ? {} : { Key }) });
      tellOrigins(call, spec);
      await act(call, { Bucket, Key }, store);
    },
  };

  async function act(call: AwsCall, { Bucket, Key }: Target, store: ObjectStore): Promise<void> {
    const { method, response } = call;
    if (Key === '') {
      await listObjects(call, Bucket, store);
    } else if (method === 'GET' || method === 'HEAD') {
      await getObject(call, Bucket, Key, store);
    } else if (method === 'PUT') {
      const { md5 } = await putObject(call, Key, { store, maxBytes, now });
      send(response, 200, undefined, '', { etag: `"${md5}"` });
    } else {
      await store.delete(Key);
      response.writeHead(204).end();
    }
  }
}

/** As IAM names it. */
function actionOf(method: string, key: string): string {
  const action = key === '' && method === 'GET' ? 'ListBucket' : ACTIONS[method];
  if (action === undefined || (key === '' && action !== 'ListBucket'))
    throw notImplemented(`${method} on ${key === '' ? 'a bucket' : 'an object'}`);
  return action;
}

interface Target {
  readonly Bucket: string;
  /** `''`: the bucket itself. */
  readonly Key: string;
}

/** Refuses what would have no effect here. */
function readTarget({ method, query, headers, path }: AwsCall): Target {
  const isList = method === 'GET' && /^\/[^/]+\/?$/.test(path);
  const parameter = isList ? undefined : [...query.keys()].find((name) => !KNOWN_OPTION.test(name));
  if (parameter !== undefined) throw notImplemented(`the parameter ${parameter}`);
  const header = Object.keys(headers).find(
    (name) =>
      // Of a GET it is for caches on the way.
      (UNSUPPORTED_HEADER.test(name) && !(method === 'GET' && name === 'cache-control')) ||
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

async function getObject(call: AwsCall, Bucket: string, key: string, store: ObjectStore): Promise<void> {
  const found = await store.open(key);
  if (found === undefined) {
    // Who may not list is not told what is not there.
    call.authorize('ListBucket', { Bucket });
    throw notFound('NoSuchKey', 'The specified key does not exist.');
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

/** Streams the body to a file and puts it in the object's place once it is whole and the one that was signed. */
async function putObject(
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
    if (payloadHash !== 'UNSIGNED-PAYLOAD' && payloadHash !== sha256.digest('hex')) {
      throw new AwsError('XAmzContentSHA256Mismatch', 'The body is not the one that was signed');
    }
    return { key, size: Number(length), md5: md5.digest('hex'), modifiedAtMs: now().getTime() };
  });
}
