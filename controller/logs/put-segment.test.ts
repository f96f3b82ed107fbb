import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RequestFailedError } from '../container-api/http-request.ts';
import { putSegmentBy } from './put-segment.ts';

const puts = suite('a segment of the log on its way');
const { signal } = new AbortController();

/** What becomes of a PUT that the store answers so, and what the store saw. */
async function put(status: number) {
  const seen: unknown[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    seen.push([method, url, headers['content-length'], Buffer.concat(chunks).toString()]);
    response.writeHead(status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const signed: unknown[] = [];
  const send = putSegmentBy({
    async signArtifactUrls(artifacts) {
      signed.push(...artifacts);
      return [`${origin}/log?X-Amz-Signature=secret`];
    },
  });
  const error = await send(7, Buffer.from('body'), signal).catch((fault: Error) => fault);
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  return { seen, signed, error };
}

puts('is stored by the URL that is signed for it', async () => {
  const { seen, signed, error } = await put(200);
  assert.is(error, undefined);
  assert.equal(signed, [{ kind: 'log', sequence: 7 }]);
  assert.equal(seen, [['PUT', '/log?X-Amz-Signature=secret', '4', 'body']]);
});

puts('is worth another try when the store may change its mind, and never tells the URL', async () => {
  for (const [status, isWorthIt] of [
    [503, true],
    [429, true],
    [403, true],
    [400, false],
    [404, false],
  ] as const) {
    const { error } = await put(status);
    assert.is(error instanceof RequestFailedError, isWorthIt, String(status));
    assert.match(String(error), `answered ${status}`);
    assert.not.match(String(error), 'secret');
  }
});

puts.run();
