import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error.ts';

/** The whole body, at most `maxBytes`, and the very one that was signed. */
export async function readBody(
  request: IncomingMessage,
  { maxBytes, payloadHash }: { maxBytes: number; payloadHash: string },
): Promise<Buffer> {
  const tooLarge = () =>
    new AwsError('RequestEntityTooLarge', `The body is larger than ${maxBytes} bytes`, { status: 413 });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks, length);
  if (createHash('sha256').update(body).digest('hex') !== payloadHash) {
    throw new AwsError('InvalidSignatureException', 'The body is not the one that was signed', {
      status: 400,
    });
  }
  return body;
}
