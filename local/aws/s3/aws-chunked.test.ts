import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejectionOf } from '../testing/serve-services.ts';
import { AwsChunkedDecoder } from './aws-chunked.ts';

const chunked = suite('aws-chunked');
const WHOLE = '5;ext=1\r\nhello\r\n3\r\n\r\n!\r\n0\r\nx-amz-checksum-crc32:abc=\r\n\r\n';

async function decode(pieces: readonly string[]) {
  const decoder = new AwsChunkedDecoder();
  const source = Readable.from(pieces.map((piece) => Buffer.from(piece)));
  source.pipe(decoder);
  const chunks: Buffer[] = [];
  for await (const chunk of decoder) chunks.push(chunk as Buffer);
  return { text: Buffer.concat(chunks).toString(), trailers: decoder.trailers };
}

chunked('gives the bytes and the trailers, however the pieces arrive', async () => {
  for (const size of [1, 2, 3, 7, WHOLE.length]) {
    const pieces = WHOLE.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    const { text, trailers } = await decode(pieces);
    assert.is(text, 'hello\r\n!');
    assert.equal([...trailers], [['x-amz-checksum-crc32', 'abc=']]);
  }
});

chunked('refuses a body that ends early or does not keep to its lengths', async () => {
  const faults = [
    WHOLE.slice(0, 8),
    WHOLE.slice(0, 11),
    '5\r\nhello!\r\n0\r\n\r\n',
    'zz\r\n',
    `${'1'.repeat(9000)}\r\n`,
    '',
  ];
  for (const fault of faults)
    assert.match((await rejectionOf(decode([fault]))).message, /not complete/, fault.slice(0, 20));
});

chunked.run();
