import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

/** Made for these tests alone, and signed by nobody: no browser accepts it unless it is told to. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg5ubIUq3ycr+Ef8GN
K5brCFMMmL5lr+nugotVoLK58b6hRANCAATP3z5C6ShGzJRbyNnJkxeaRsdARurw
ubUkhLhMifNwXDNZThSQ9ZjTNDjteNJQUs+ZtXs3q09YG0EDr39NjY+T
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBhzCCAS2gAwIBAgIUOsIbHg/PL/HgNoxlMpxeTWmatJ0wCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwObm9ib2R5LmV4YW1wbGUwHhcNMjYxMTI5MDAzNDE3WhcNNDYx
MTI0MDAzNDE3WjAZMRcwFQYDVQQDDA5ub2JvZHkuZXhhbXBsZTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABM/fPkLpKEbMlFvI2cmTF5pGx0BG6vC5tSSEuEyJ83Bc
M1lOFJD1mNM0OO140lBSz5m1ezerT1gbQQOvf02Nj5OjUzBRMB0GA1UdDgQWBBQy
Wz6Zd5u6WYO+ffP0UdoWfOgteDAfBgNVHSMEGDAWgBQyWz6Zd5u6WYO+ffP0UdoW
fOgteDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCICxQ+bQEC22M
a1qdrNYuTFy1bUGM80UJ7D8MB3Z02zT2AiEAxiO/pQLcQyvg9+dgZ+cyX3vzLhG0
rFVdF+jfWA5BGlc=
-----END CERTIFICATE-----`;

const WORKER = `
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
self.addEventListener('message', async (event) => event.source.postMessage(await (await fetch('/')).text()));
`;

/** A site by https with a certificate that nobody trusts, with a service worker. */
export async function startUntrustedSite() {
  const server = https.createServer({ key: KEY, cert: CERTIFICATE }, ({ url }, response) => {
    const isWorker = url === '/worker.js';
    response.writeHead(200, { 'content-type': isWorker ? 'text/javascript' : 'text/html' });
    response.end(isWorker ? WORKER : 'untrusted');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
