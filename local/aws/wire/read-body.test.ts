import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejectionOf } from '../testing/serve-services.ts';
import { collectBody } from './read-body.ts';

/** A request that sends these chunks, and announces a length or does not. */
const requestOf = (chunks: readonly string[], length?: number) =>
  Object.assign(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), {
    headers: length === undefined ? {} : { 'content-length': String(length) },
  }) as unknown as IncomingMessage;

const t = suite('collecting a body');

t('gives all of it, up to the limit', async () => {
  assert.is((await collectBody(requestOf([]), 10))?.length, 0);
  assert.is(String(await collectBody(requestOf(['12345', '67890']), 10)), '1234567890');
});

t('gives nothing of a body that is announced as too large, without reading it', async () => {
  const request = requestOf(['x'], 11);
  assert.is(await collectBody(request, 10), undefined);
  assert.not(request.readableDidRead);
});

t('gives nothing of a body that turns out too large, and leaves the connection to who answers', async () => {
  const request = requestOf(['12345', '678901', 'never read']);
  assert.is(await collectBody(request, 10), undefined);
  assert.not(request.destroyed);
});

t('rejects when the client goes away in the middle', async () => {
  const request = Object.assign(
    new Readable({
      read() {
        this.push('half');
        this.destroy(new Error('aborted'));
      },
    }),
    { headers: {} },
  ) as unknown as IncomingMessage;
  assert.is((await rejectionOf(collectBody(request, 10))).message, 'aborted');
});

t.run();
