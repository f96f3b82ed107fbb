import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** All that a page can ask for by itself, each of it at `target`. It says when it has asked. */
const attemptsOf = (target: string) => `<!doctype html><title>asking</title>
<link rel="preconnect" href="http://${target}"><link rel="dns-prefetch" href="http://${target}">
<link rel="prefetch" href="http://${target}/prefetch"><link rel="preload" as="script" href="http://${target}/preload">
<img src="http://${target}/img"><iframe src="http://${target}/frame"></iframe>
<script type="speculationrules">{"prefetch":[{"source":"list","urls":["/speculated"]}]}</script>
<script>
const quiet = (what) => Promise.resolve().then(what).catch(() => undefined);
const worker = (code) => new Worker(URL.createObjectURL(new Blob([code])));
async function ask() {
  quiet(() => fetch('http://${target}/fetch', { mode: 'no-cors' }));
  quiet(() => navigator.sendBeacon('http://${target}/beacon', 'x'));
  quiet(() => new WebSocket('ws://${target}/socket'));
  quiet(() => new WebSocket('wss://${target}/socket'));
  quiet(() => new EventSource('http://${target}/events'));
  quiet(() => worker("fetch('http://${target}/worker', { mode: 'no-cors' }).catch(() => 0)"));
  quiet(() => navigator.serviceWorker.register('/service.js'));
  if (window.WebTransport) quiet(() => new WebTransport('https://${target}/transport').ready);
  const servers = ['stun:${target}', 'turn:${target}?transport=udp', 'turn:${target}?transport=tcp', 'turns:${target}'];
  for (const urls of servers) {
    const peer = new RTCPeerConnection({ iceServers: [{ urls, username: 'u', credential: 'c' }] });
    peer.createDataChannel('x');
    quiet(async () => peer.setLocalDescription(await peer.createOffer()));
  }
}
ask().finally(() => setTimeout(() => { document.title = 'asked'; }, 3000));
</script>`;

const serviceWorker = (target: string) =>
  `addEventListener('install', () => fetch('http://${target}/service', { mode: 'no-cors' }).catch(() => 0));`;

/** Its page asks for all of that when it is shown. */
export async function startAskingSite(target: string) {
  const server = createServer((request, response) => {
    const isScript = request.url === '/service.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? serviceWorker(target) : attemptsOf(target));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}
