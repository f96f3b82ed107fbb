import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClaimKey } from '../assignment/claim-key.ts';
import { rehearseClaim } from './rehearse-claim.ts';

const key = await createClaimKey();
const rehearsals = suite('a rehearsed claim');
const servers: Server[] = [];
rehearsals.after(() => {
  for (const server of servers) server.close();
});

/** A proxy that answers every claim with `status`, and what it has seen. */
async function proxyThatAnswers(status: number) {
  const seen: { method: string | undefined; path: string | undefined; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    seen.push({ method: request.method, path: request.url, body: Buffer.concat(chunks).toString() });
    response.writeHead(status).end('{}');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { seen, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

rehearsals('goes the way of one, and is refused', async () => {
  const { seen, origin } = await proxyThatAnswers(401);
  await rehearseClaim({ origin, token: 'own', key });
  const [{ method, path, body } = assert.unreachable() as never] = seen;
  assert.equal([method, path], ['POST', '/claim/own']);
  // Sealed to this container and to no other: whatever it held, no session is named.
  assert.equal(await key.open(Buffer.from(body)), { rehearsal: true });
});

rehearsals('that was taken is a fault of the container', async () => {
  for (const status of [200, 202, 409, 500]) {
    const { origin } = await proxyThatAnswers(status);
    const fault = await rehearseClaim({ origin, token: 'own', key }).catch((error: Error) => error.message);
    assert.is(fault, `A claim that is none was answered ${status}`);
  }
});

rehearsals.run();
