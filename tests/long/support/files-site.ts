import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomFrom } from './random.ts';

/** A page that never rests, and files without end: each has a number, from which its content can be made again. */
export interface FilesSite {
  readonly url: string;
  /** The URL of a file that nobody has had. */
  nextFile(): string;
  close(): Promise<void>;
}

const CHUNK_BYTES = 256 * 1024;
const MAX_CHUNKS = 12;
const BUSY = `<!doctype html><title>busy</title><script>
  (async () => { for (let n = 0; ; n += 1) await fetch('/nothing?' + n).catch(() => {}); })();
</script>`;

/** Of the file of that number, whose size is as much its own as each of its bytes. */
export function contentOf(number: number): Buffer {
  const random = randomFrom(number);
  const chunks = 1 + Math.floor(random() * MAX_CHUNKS);
  const content = Buffer.alloc(chunks * CHUNK_BYTES + Math.floor(random() * CHUNK_BYTES));
  for (let at = 0; at + 4 <= content.length; at += 4) content.writeUInt32LE(random() * 2 ** 32, at);
  return content;
}

export async function startFilesSite(): Promise<FilesSite> {
  let last = 0;
  const server = createServer((request, response) => {
    const number = /^\/file\/(\d+)$/.exec(request.url ?? '')?.[1];
    if (request.url === '/busy') response.writeHead(200, { 'content-type': 'text/html' }).end(BUSY);
    else if (number === undefined) response.writeHead(204).end();
    else {
      const content = contentOf(Number(number));
      response.writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-length': content.length,
        'content-disposition': `attachment; filename="file-${number}.bin"`,
      });
      // Slowly, so that there always is one under way.
      let at = 0;
      const timer = setInterval(() => {
        response.write(content.subarray(at, at + CHUNK_BYTES));
        at += CHUNK_BYTES;
        if (at < content.length) return;
        clearInterval(timer);
        response.end();
      }, 50);
      response.once('close', () => clearInterval(timer));
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    nextFile: () => `${url}/file/${++last}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
