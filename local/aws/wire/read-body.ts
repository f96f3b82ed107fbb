import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error.ts';
import { collectBody } from './collect-body.ts';

/** The whole body, at most `maxBytes`, and the very one that was signed. */
export async function readBody(
  request: IncomingMessage,
  { maxBytes, payloadHash }: { maxBytes: number; payloadHash: string },
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
