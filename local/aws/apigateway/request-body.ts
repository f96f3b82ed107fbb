import type { IncomingMessage } from 'node:http';
import { GatewayError } from './gateway-responses.ts';

/** The largest body that API Gateway takes. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Reads a body to its end. Rejects with REQUEST_TOO_LARGE as soon as it is over the limit. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES)
    throw new GatewayError('REQUEST_TOO_LARGE');
  const chunks: Buffer[] = [];
  let size = 0;
  // The connection must outlive a refused body: the refusal is written to it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) throw new GatewayError('REQUEST_TOO_LARGE');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
