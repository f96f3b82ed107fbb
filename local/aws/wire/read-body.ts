import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error.ts';

/** The whole body; undefined as soon as it is known to be larger than `maxBytes`. The connection outlives a refusal. */
export async function collectBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks, size);
}

/** The whole body, at most `maxBytes`, and the very one that was signed. */
export async function readBody(
  { request, payloadHash }: { readonly request: IncomingMessage; readonly payloadHash: string },
  maxBytes: number,
): Promise<Buffer> {
  const body = await collectBody(request, maxBytes);
  if (body === undefined) {
    const message = `The body is larger than ${maxBytes} bytes`;
    throw new AwsError('RequestEntityTooLarge', message, { status: 413 });
  }
  if (createHash('sha256').update(body).digest('hex') !== payloadHash) {
    throw new AwsError('InvalidSignatureException', 'The body is not the one that was signed');
  }
  return body;
}
