import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsCall } from '../wire/aws-server.ts';
import { send } from '../wire/respond.ts';
import type { ObjectInfo, ObjectStore } from './object-store.ts';
import { notImplemented } from './refusals.ts';

/** A PUT is done only where the object is the one that it names, or there is none. */
export const CONDITIONS: readonly string[] = ['if-match', 'if-none-match'];

/** Streams the body to a file and puts it in the object's place once it is whole and the one that was signed. */
export async function putObject(
  { payloadHash, headers, request, response }: AwsCall,
  key: string,
  { store, maxBytes, now }: { store: ObjectStore; maxBytes: number; now: () => Date },
): Promise<void> {
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

  const { md5: etag, versionId } = await store.put(key, measure(), (current) => {
    requireCondition(headers, current);
    if (payloadHash !== 'UNSIGNED-PAYLOAD' && payloadHash !== sha256.digest('hex')) {
      throw new AwsError('XAmzContentSHA256Mismatch', 'The body is not the one that was signed');
    }
    return {
      key,
      size: Number(length),
      md5: md5.digest('hex'),
      modifiedAtMs: now().getTime(),
      metadata: metadataOf(headers),
    };
  });
  const version = versionId === undefined ? {} : { 'x-amz-version-id': versionId };
  send(response, 200, undefined, '', { etag: `"${etag}"`, ...version });
}

/** As S3 has it: decided by what is there when the whole body is. */
function requireCondition(headers: IncomingHttpHeaders, current: ObjectInfo | undefined): void {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (noneMatch !== undefined && noneMatch !== '*') throw notImplemented('if-none-match but for *');
  if (match !== undefined && current === undefined)
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
  const isMet =
    noneMatch === undefined ? (match ?? `"${current?.md5}"`) === `"${current?.md5}"` : current === undefined;
  if (isMet) return;
  const message = 'At least one of the pre-conditions you specified did not hold';
  throw new AwsError('PreconditionFailed', message, { status: 412 });
}

const metadataOf = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      (header): header is [string, string] =>
        header[0].startsWith('x-amz-meta-') && typeof header[1] === 'string',
    ),
  );
