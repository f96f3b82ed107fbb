import type { Readable } from 'node:stream';

/** The bytes as they came, up to `maxBytes`; what comes after them is not waited for. A body that is shorter comes in full. */
export async function readStart(body: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk as Buffer);
    sizeBytes += (chunk as Buffer).byteLength;
    if (sizeBytes >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}
