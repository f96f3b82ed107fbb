import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLinks } from './links.ts';

const links = suite('signed URLs of a film');

const CHUNK = 'https://store.example/recordings/p/s/0/000001.mp4';
const playlist = (signature: number) =>
  [
    `#EXT-X-MAP:URI="${CHUNK}?sig=${signature}",BYTERANGE="700@0"`,
    '#EXTINF:20.000,',
    `${CHUNK}?sig=${signature}`,
  ].join('\n');

function start() {
  const given = { nowMs: 0, reads: 0, fault: undefined as Error | undefined };
  const made = createLinks({
    async readPlaylist() {
      given.reads += 1;
      if (given.fault !== undefined) throw given.fault;
      return playlist(given.reads + 1);
    },
    now: () => given.nowMs,
    maxAgeMs: 1_000,
  });
  made.learn(playlist(1));
  return { given, made };
}

links('are as the playlist has them while they are young', async () => {
  const { given, made } = start();
  assert.is(await made.current(`${CHUNK}?sig=1`), `${CHUNK}?sig=1`);
  assert.is(given.reads, 0);
});

links('are renewed once they are old, once for all that wait', async () => {
  const { given, made } = start();
  given.nowMs = 1_001;
  const asked = await Promise.all([made.current(`${CHUNK}?sig=1`), made.current(`${CHUNK}?sig=1`)]);
  assert.equal([asked, given.reads], [[`${CHUNK}?sig=2`, `${CHUNK}?sig=2`], 1]);
});

links('that were refused are renewed, and not again for who was refused before that', async () => {
  const { given, made } = start();
  assert.is(await made.renewed(`${CHUNK}?sig=1`), `${CHUNK}?sig=2`);
  assert.is(await made.renewed(`${CHUNK}?sig=1`), `${CHUNK}?sig=2`);
  assert.is(given.reads, 1);
});

links('that cannot be renewed say so, and are tried again later', async () => {
  const { given, made } = start();
  given.fault = new Error('401');
  const refused = await made.renewed(`${CHUNK}?sig=1`).catch((error: Error) => error.message);
  assert.is(refused, '401');
  given.fault = undefined;
  assert.is(await made.renewed(`${CHUNK}?sig=1`), `${CHUNK}?sig=3`);
});

links('of what no playlist names stay as they are', async () => {
  const { made } = start();
  assert.is(await made.current('https://store.example/other?x'), 'https://store.example/other?x');
});

links.run();
