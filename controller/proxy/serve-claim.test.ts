import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_CLAIM_BYTES } from '../../core/domain/claim.ts';
import { CUTS, exchangeBytes, sendCut } from '../../core/testing/cut-bodies.ts';
import { type ClaimDoor, claimTokenOf, serveClaim } from './serve-claim.ts';

const READY = { status: 'ready', sandbox: 'on' } as const;
const servers: http.Server[] = [];

/** A port where claims go to `door`. */
async function serve(
  door: Partial<ClaimDoor> = {},
  claimBodyMs = 5_000,
  onServed: (error?: Error) => void = () => undefined,
): Promise<number> {
  const claims: ClaimDoor = { refusalOf: () => null, take: async () => ({ answer: READY }), ...door };
  const server = http.createServer((request, response) => {
    serveClaim(request, response, 'token', { claims, limits: { claimBodyMs } }).then(
      () => onServed(),
      onServed,
    );
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const send = (port: number, body: string) =>
  fetch(`http://127.0.0.1:${port}/claim/token`, { method: 'POST', body });

const serving = suite('a claim on its way');
serving.after.each(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

serving('is the token of its path, and of no other path', () => {
  assert.equal(['/claim/a.b', '/claim', '/', '/claims/a'].map(claimTokenOf), ['a.b', null, null, null]);
});

serving('brings its body whole, and takes the answer back', async () => {
  const taken: string[] = [];
  const port = await serve({
    async take(token, body) {
      taken.push(token, String(body));
      return { answer: { status: 'restoring' } };
    },
  });
  const answer = await send(port, 'x'.repeat(MAX_CLAIM_BYTES));
  assert.equal([answer.status, await answer.json()], [202, { status: 'restoring' }]);
  assert.equal(taken, ['token', 'x'.repeat(MAX_CLAIM_BYTES)]);
});

for (const [refusal, status] of [
  ['badToken', 401],
  ['unusable', 400],
  ['taken', 409],
  ['unavailable', 503],
] as const) {
  serving(`that is ${refusal} is answered with ${status}, whether its body was read or not`, async () => {
    assert.is((await send(await serve({ refusalOf: () => refusal }), 'body')).status, status);
    assert.is((await send(await serve({ take: async () => ({ refusal }) }), 'body')).status, status);
  });
}

const neverTaken = () => assert.unreachable('it was not whole') as never;

serving('that is too large is not read to its end', async () => {
  const port = await serve({ take: neverTaken });
  assert.is((await send(port, 'x'.repeat(MAX_CLAIM_BYTES + 1))).status, 413);
});

serving('that is too large is refused in words to who sends all of it before it reads', async () => {
  const port = await serve({ take: neverTaken });
  const bytes = 24 * 1024 * 1024;
  const head = `POST /claim/token HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: ${bytes}\r\n\r\n`;
  const { text, ends } = await exchangeBytes(port, [head, Buffer.alloc(bytes)]);
  assert.match(text, /^HTTP\/1\.1 413 [\s\S]*"message":"The claim is too large"/);
  assert.is(ends, 'ended');
});

for (const cut of CUTS)
  serving(`that is cut is none: ${cut.name}`, async () => {
    const served = Promise.withResolvers<Error | undefined>();
    const port = await serve({ take: neverTaken }, 5_000, served.resolve);
    await sendCut(port, { requestLine: 'POST /claim/token', cut, text: 'half' });
    assert.match((await served.promise)?.message ?? 'taken', 'aborted');
  });

serving('that is too slow is not waited for', async () => {
  const socket = net.connect(await serve({ take: neverTaken }, 20), '127.0.0.1');
  socket.write('POST /claim/token HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n\r\nhalf');
  const [answer] = await once(socket, 'data');
  assert.match(String(answer), /^HTTP\/1.1 408 /);
  socket.destroy();
});

serving.run();
