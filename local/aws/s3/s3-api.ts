import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { send } from '../wire/respond.ts';
import { notImplemented, type ObjectRequest, readObjectRequest } from './object-request.ts';
import { createObjectStore, type ObjectStore } from './object-store.ts';
import { putObject } from './put-object.ts';

/** Of an object put in one piece. */
const MAX_OBJECT_BYTES = 5 * 1024 ** 3;

type Operation = (request: ObjectRequest, store: ObjectStore) => Promise<void>;

/** S3: path-style, objects put in one piece. Versions are not kept: the last PUT is all there is. */
export function createS3Api(options: {
  readonly buckets: readonly string[];
  /** Each bucket has a folder in it. */
  readonly folder: string;
  readonly maxObjectBytes?: number;
  readonly now: () => Date;
}): AwsService {
  const { buckets, folder, now, maxObjectBytes: maxBytes = MAX_OBJECT_BYTES } = options;
  adoptOldFolder(folder, buckets[0]);
  const stores = new Map(buckets.map((bucket) => [bucket, createObjectStore(join(folder, bucket))]));

  /** By method, with the name that IAM knows it by. */
  const operations: Readonly<Record<string, readonly [action: string, operation: Operation]>> = {
    PUT: [
      'PutObject',
      async (request, store) => {
        const { md5 } = await putObject(request, { store, maxBytes, now });
        send(request.call.response, 200, undefined, '', { etag: `"${md5}"` });
      },
    ],
    GET: ['GetObject', getObject],
    DELETE: [
      'DeleteObject',
      async ({ key, call }, store) => {
        await store.delete(key);
        call.response.writeHead(204).end();
      },
    ],
  };

  return {
    protocol: 'rest-xml',
    async handle(call) {
      const request = readObjectRequest(call);
      const { bucket: Bucket, key: Key } = request;
      const [action, operation] = operations[call.method] ?? [];
      if (action === undefined || operation === undefined || Key === '') {
        throw notImplemented(`${call.method} on ${Key === '' ? 'a bucket' : 'an object'}`);
      }
      const store = stores.get(Bucket);
      if (store === undefined) throw notFound('NoSuchBucket', 'The specified bucket does not exist');
      call.authorize(action, { Bucket, Key });
      await operation(request, store);
    },
  };
}

async function getObject({ call, bucket, key }: ObjectRequest, store: ObjectStore): Promise<void> {
  const found = await store.open(key);
  if (found === undefined) {
    // Who may not list is not told what is not there.
    call.authorize('ListBucket', { Bucket: bucket });
    throw notFound('NoSuchKey', 'The specified key does not exist.');
  }
  const { info, content } = found;
  call.response.writeHead(200, {
    'content-type': 'binary/octet-stream',
    'content-length': info.size,
    etag: `"${info.md5}"`,
    'last-modified': new Date(info.modifiedAtMs).toUTCString(),
  });
  await pipeline(content, call.response);
}

const notFound = (code: string, message: string): AwsError => new AwsError(code, message, { status: 404 });

/** When there was one bucket, its objects lay in the folder itself. */
function adoptOldFolder(folder: string, bucket = ''): void {
  if (bucket === '' || !existsSync(join(folder, 'objects'))) return;
  mkdirSync(join(folder, bucket), { recursive: true });
  renameSync(join(folder, 'objects'), join(folder, bucket, 'objects'));
  rmSync(join(folder, 'unfinished'), { recursive: true, force: true });
}
