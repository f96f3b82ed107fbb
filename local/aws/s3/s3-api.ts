import { pipeline } from 'node:stream/promises';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { type Headers, send } from '../wire/respond.ts';
import { listObjects } from './list-objects.ts';
import { notImplemented, type ObjectRequest, readObjectRequest } from './object-request.ts';
import { createObjectStore, type ObjectInfo } from './object-store.ts';
import { putObject } from './put-object.ts';

/** Of an object put in one piece. */
const MAX_OBJECT_BYTES = 5 * 1024 ** 3;

/** S3: one bucket, path-style, objects put in one piece. Versions are not kept: the last PUT is all there is. */
export function createS3Api(options: {
  readonly buckets: readonly string[];
  readonly folder: string;
  readonly maxObjectBytes?: number;
  readonly now: () => Date;
}): AwsService {
  const { buckets, now, maxObjectBytes = MAX_OBJECT_BYTES } = options;
  const [bucket] = buckets;
  const store = createObjectStore(options.folder);

  const objectOperations: Record<string, (request: ObjectRequest) => Promise<void>> = {
    async PUT(request) {
      const info = await putObject(request, { store, maxBytes: maxObjectBytes, now });
      send(request.call.response, 200, undefined, '', { etag: `"${info.md5}"`, ...checksumHeader(info) });
    },
    async GET(request) {
      const found = await store.open(request.key);
      if (found === undefined) throw noSuchKey();
      request.call.response.writeHead(200, objectHeaders(found.info, request));
      await pipeline(found.content, request.call.response);
    },
    async HEAD(request) {
      const info = await store.find(request.key);
      if (info === undefined) throw noSuchKey();
      request.call.response.writeHead(200, objectHeaders(info, request)).end();
    },
    async DELETE({ key, call }) {
      await store.delete(key);
      call.response.writeHead(204).end();
    },
  };

  const bucketOperations: Record<string, (request: ObjectRequest) => Promise<void>> = {
    async GET(request) {
      if (request.option('list-type') !== '2') throw notImplemented('this operation on a bucket');
      send(request.call.response, 200, 'application/xml', await listObjects(request, store));
    },
    async HEAD({ call }) {
      call.response.writeHead(200, { 'content-length': 0 }).end();
    },
  };

  return {
    protocol: 'rest-xml',
    async handle(call) {
      const request = readObjectRequest(call);
      const operation = (request.key === '' ? bucketOperations : objectOperations)[call.method];
      if (operation === undefined)
        throw notImplemented(`${call.method} on ${request.key === '' ? 'a bucket' : 'an object'}`);
      if (request.bucket !== bucket) {
        throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', { status: 404 });
      }
      await operation(request);
    },
  };
}

const noSuchKey = (): AwsError =>
  new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });

const checksumHeader = ({ checksum }: ObjectInfo): Headers =>
  checksum === undefined
    ? {}
    : { [`x-amz-checksum-${checksum.name}`]: checksum.value, 'x-amz-checksum-type': 'FULL_OBJECT' };

const objectHeaders = (info: ObjectInfo, request: ObjectRequest): Headers => ({
  'content-type': 'binary/octet-stream',
  ...info.headers,
  'content-length': info.size,
  etag: `"${info.md5}"`,
  'last-modified': new Date(info.modifiedAtMs).toUTCString(),
  ...(request.option('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' ? checksumHeader(info) : {}),
});
