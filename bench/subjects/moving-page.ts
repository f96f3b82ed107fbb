/** Two pages to look at: one of which everything moves, and one that changes when it is clicked and otherwise never. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

const STYLE = '<style>html,body{margin:0;height:100%;cursor:default;user-select:none}</style>';
const MOVING = `<title>moving</title>${STYLE}<body><script>
  for (let each = 0; each < 60; each++) {
    const text = document.body.appendChild(document.createElement('p'));
    text.style.cssText = 'position:absolute;font:24px sans-serif;margin:0';
    text.textContent = 'Something that moves ' + each;
  }
  const move = (now) => {
    [...document.querySelectorAll('p')].forEach((text, each) => {
      text.style.left = 400 + 380 * Math.sin(now / 700 + each) + 'px';
      text.style.top = (each * 11 + now / 20) % 700 + 'px';
    });
    requestAnimationFrame(move);
  };
  requestAnimationFrame(move);
</script>`;
const STILL = `<title>still</title>${STYLE}<body onclick="this.style.background = (count++ % 2 ? 'white' : 'teal')"><script>count = 0</script>`;

export interface MovingPage {
  readonly movingUrl: string;
  readonly stillUrl: string;
  close(): void;
}

export async function serveMovingPage(): Promise<MovingPage> {
  const server = http.createServer(({ url }, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-store' });
    response.end(url === '/moving' ? MOVING : STILL);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    movingUrl: `${origin}/moving`,
    stillUrl: `${origin}/still`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
