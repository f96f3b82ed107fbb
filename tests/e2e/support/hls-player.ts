/** A page of another origin than the films, which plays playlists by hls.js to their ends. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';

const HLS = readFileSync(new URL('../../../node_modules/hls.js/dist/hls.light.min.js', import.meta.url));
const PLAYER = `<!doctype html><title>player</title><video muted></video><script src="/hls.js"></script>`;
const PLAY = `new Promise((resolve, reject) => {
  const video = document.querySelector('video');
  const hls = new Hls();
  hls.on(Hls.Events.ERROR, (_, { fatal, type, details }) => fatal && reject(new Error(type + ' ' + details)));
  hls.on(Hls.Events.MANIFEST_PARSED, () => { video.playbackRate = 8; video.play().catch(reject); });
  video.onended = () => resolve({ width: video.videoWidth, duration: video.duration, at: video.currentTime });
  hls.loadSource('/playlist.m3u8');
  hls.attachMedia(video);
})`;

export interface Played {
  readonly width: number;
  /** In seconds, as the player knows it, and where it ended. */
  readonly duration: number;
  readonly at: number;
}

/** Plays it in this page. Rejects with what hls.js says of what it cannot play. */
export async function playToEnd(page: Page, playlist: string): Promise<Played> {
  const files: Readonly<Record<string, readonly [string, string | Buffer]>> = {
    '/': ['text/html', PLAYER],
    '/hls.js': ['text/javascript', HLS],
    '/playlist.m3u8': ['application/vnd.apple.mpegurl', playlist],
  };
  const server = createServer(({ url = '' }, response) => {
    const [type, body] = files[url] ?? ['text/plain', ''];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return await page.evaluate<Played>(PLAY);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** How long all that a playlist lists lasts, in seconds. */
export const listedSeconds = (playlist: string): number =>
  [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
