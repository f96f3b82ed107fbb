import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { streamLog } from './stream-log.ts';

const streams = suite('a log as one JSON array');

const open = async (text: string): Promise<Readable> => Readable.from([gzipSync(text)]);
async function read(segments: readonly string[], maxBytes?: number): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of streamLog(segments, open, maxBytes)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

streams('has the rows of all segments, in their order', async () => {
  assert.is(await read([]), '[]');
  assert.is(await read(['{"a":1}\n']), '[{"a":1}]');
  assert.is(await read(['{"a":1}\n{"a":2}\n', '{"a":3}\n']), '[{"a":1},{"a":2},{"a":3}]');
  assert.is(await read(['', '{"a":1}\n', '']), '[{"a":1}]');
});

streams('is an array wherever a line crosses from one chunk to the next', async () => {
  for (const length of [1, 16_380, 16_381, 16_382, 16_383, 16_384, 16_385, 40_000]) {
    const rows = ['x'.repeat(length), 'y', 'z'.repeat(length), '\\n'];
    const segment = rows.map((row) => `${JSON.stringify({ row })}\n`).join('');
    const parsed = JSON.parse(await read([segment, segment]));
    assert.equal(
      parsed.map(({ row }: { row: string }) => row),
      [...rows, ...rows],
    );
  }
});

streams('opens a segment when the one before it has been read, and closes each', async () => {
  const opened: Readable[] = [];
  const log = streamLog(['a\n', 'b\n'], async (text) => {
    const segment = await open(text);
    opened.push(segment);
    return segment;
  });
  await log.next();
  assert.is(opened.length, 1);
  await log.next();
  assert.equal([opened.length, opened[0]?.destroyed], [2, true]);
  await log.return(undefined);
  assert.ok(opened[1]?.destroyed, 'also when its reader has gone');
});

streams('fails with a segment that cannot be read, and with more than a log can be', async () => {
  const faultOf = async (log: AsyncGenerator<Buffer>) => {
    try {
      for await (const _ of log);
    } catch (error) {
      return error;
    }
  };
  assert.match(
    String(await faultOf(streamLog(['x'], async () => Readable.from(['no gzip'])))),
    'header check',
  );
  const broken = () =>
    new Readable({
      read() {
        this.destroy(new Error('reset'));
      },
    });
  assert.match(String(await faultOf(streamLog(['x'], async () => broken()))), 'reset');
  const cut = async () => Readable.from([gzipSync('{"a":1}\n').subarray(0, -6)]);
  assert.match(String(await faultOf(streamLog(['x'], cut))), 'unexpected end of file');
  assert.match(String(await faultOf(streamLog(['12345678'], open, 7))), 'longer than 7 bytes');
});

streams.run();
