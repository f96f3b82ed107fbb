import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejectionOf } from '../testing/serve-services.ts';
import { readPrelude } from './http-prelude.ts';

const NULS = '\0'.repeat(8);
const streamOf = (...chunks: readonly string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

const t = suite('the prelude of a streamed answer');

t('is told from the body, wherever the chunks are cut', async () => {
  const whole = `{"statusCode":201,"headers":{"x-a":"1"}}${NULS}body${NULS}more`;
  for (const size of [1, 7, 44, 50, whole.length]) {
    const chunks = whole.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    const { statusCode, headers, body } = await readPrelude(streamOf(...chunks));
    assert.equal([statusCode, headers], [201, { 'x-a': '1' }]);
    assert.is(await text(body), `body${NULS}more`, `in pieces of ${size}`);
  }
});

t('may have no headers, and no body behind it', async () => {
  const { headers, body } = await readPrelude(streamOf(`{"statusCode":204}${NULS}`));
  assert.equal(headers, {});
  assert.is(await text(body), '');
});

const MALFORMED: Readonly<Record<string, readonly [answer: string, sentence: RegExp]>> = {
  'an answer without one': ['just a body', /has no prelude/],
  'an answer that never comes to its end': ['x'.repeat(20_000), /has no prelude/],
  'a prelude that is no JSON': [`{"statusCode":${NULS}`, /is not JSON/],
  'a prelude that is null': [`null${NULS}`, /no status code/],
  'a prelude without a status': [`{"headers":{}}${NULS}`, /no status code/],
  'half a status': [`{"statusCode":200.5}${NULS}`, /no status code/],
  cookies: [`{"statusCode":200,"cookies":["a=1"]}${NULS}`, /does not support cookies in a prelude/],
  'headers of several values': [
    `{"statusCode":200,"multiValueHeaders":{}}${NULS}`,
    /does not support multiValueHeaders/,
  ],
};
for (const [what, [answer, sentence]] of Object.entries(MALFORMED)) {
  t(`refuses ${what}`, async () => {
    const stream = streamOf(answer);
    const error = await rejectionOf(readPrelude(stream));
    assert.is(error.name, 'MalformedPrelude');
    assert.match(error.message, sentence);
  });
}

t('rejects with what the stream failed of', async () => {
  const failing = new Readable({
    read() {
      this.destroy(new Error('broken off'));
    },
  });
  assert.is((await rejectionOf(readPrelude(failing))).message, 'broken off');
});

t.run();
