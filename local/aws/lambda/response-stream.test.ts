import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { awslambda, ResponseStream, STREAMING_HANDLER } from './response-stream.ts';

/** A stream whose chunks are noted, and taken one after the other. */
function open() {
  const chunks: [prelude: unknown, text: string][] = [];
  const stream = new ResponseStream((prelude, bytes, done) => {
    chunks.push([prelude, Buffer.from(bytes).toString()]);
    setImmediate(done);
  });
  return { stream, chunks };
}

async function end(stream: ResponseStream): Promise<void> {
  stream.end();
  await once(stream, 'finish');
}

const t = suite('the stream that a function writes to');

t('hands on what is written, piece by piece', async () => {
  const { stream, chunks } = open();
  stream.write('a');
  stream.write('é');
  await end(stream);
  assert.equal(chunks, [
    [undefined, 'a'],
    [undefined, 'é'],
  ]);
});

t('has status and headers before the first bytes of an HTTP answer', async () => {
  const { stream, chunks } = open();
  const http = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
  assert.is(http, stream);
  http.write('body');
  http.write('more');
  await end(http);
  assert.equal(chunks, [
    [{ statusCode: 201 }, 'body'],
    [undefined, 'more'],
  ]);
});

t('has them also when there is no body', async () => {
  const { stream, chunks } = open();
  await end(awslambda.HttpResponseStream.from(stream, { statusCode: 204 }));
  assert.equal(chunks, [[{ statusCode: 204 }, '']]);
});

t('asks for a pause when the reader falls behind', async () => {
  const { stream } = open();
  assert.is(stream.write('x'.repeat(70_000)), false);
  await once(stream, 'drain');
  assert.is(stream.write('x'), true);
  await end(stream);
});

t('goes to handlers that say so, which the runtime knows by a mark', () => {
  const handler = async () => undefined;
  assert.is(awslambda.streamifyResponse(handler), handler);
  assert.is(Reflect.get(handler, STREAMING_HANDLER), 'response');
});

t.run();
