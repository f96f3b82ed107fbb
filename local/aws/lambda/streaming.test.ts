import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from '../../../core/log/logger.ts';
import { CREDENTIALS, rejectionOf } from '../testing/serve-services.ts';
import { FunctionError } from './errors.ts';
import { type Lambda, startLambda } from './lambda.ts';

const STREAMING_BUNDLE = `
exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
  if (event.untilLeft) {
    await new Promise((resolve) => stream.once('close', resolve));
    console.log('left ' + stream.writableFinished);
    return;
  }
  if (event.failBefore) throw new TypeError('before');
  if (event.prelude) { awslambda.HttpResponseStream.from(stream, event.prelude).end('body'); return; }
  if (event.bare) { stream.write('no prelude'); stream.end(); return; }
  stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'x-id': context.awsRequestId } });
  for (const chunk of event.chunks.flatMap((chunk) => Array(event.times ?? 1).fill(chunk))) {
    if (!stream.write(chunk)) await new Promise((resolve) => stream.once('drain', resolve));
    if (event.pauseMs) await new Promise((resolve) => setTimeout(resolve, event.pauseMs));
  }
  if (event.failAfter) throw new TypeError('after');
  stream.end();
});
`;

const folder = mkdtempSync(join(tmpdir(), 'lambda-stream-'));
mkdirSync(join(folder, 'streaming'));
writeFileSync(join(folder, 'streaming', 'index.js'), STREAMING_BUNDLE);
writeFileSync(join(folder, 'streaming', 'package.json'), '{"type":"commonjs"}');

async function failureOf(promise: Promise<unknown>): Promise<FunctionError> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, FunctionError);
    return error as FunctionError;
  }
  throw new Error('the invocation did not fail');
}

let lambda: Lambda;
const streaming = suite('streamed answers');
streaming.before.each(() => {
  lambda = startLambda({
    bundlesDir: folder,
    functions: { streaming: { timeoutSeconds: 5, environment: {}, credentials: CREDENTIALS } },
    baseEnvironment: {},
    logsDir: join(folder, 'logs'),
    logger: createLogger({}, () => undefined),
  });
});
streaming.after.each(() => lambda.close());
streaming.after(() => rmSync(folder, { recursive: true, force: true }));

streaming('begin with status and headers, before the body is complete', async () => {
  const answer = await lambda.invokeStreaming('streaming', { chunks: ['a', 'b', 'c'], pauseMs: 5 });
  assert.is(answer.statusCode, 201);
  assert.match(String(answer.headers['x-id']), /^[\da-f-]{36}$/);
  assert.not(answer.body.readableEnded);
  assert.is(await text(answer.body), 'abc');
});

streaming('may be empty', async () => {
  const answer = await lambda.invokeStreaming('streaming', { chunks: [] });
  assert.is(await text(answer.body), '');
});

streaming('carry NUL bytes and many megabytes at the pace of the reader', async () => {
  const chunk = `${'\0'.repeat(20)}${'x'.repeat(200_000)}`;
  const answer = await lambda.invokeStreaming('streaming', { chunks: [chunk], times: 40 });
  assert.is(await text(answer.body), chunk.repeat(40));
});

streaming('let the function finish when the reader goes away', async () => {
  const chunks = Array<string>(20).fill('x'.repeat(100_000));
  const answer = await lambda.invokeStreaming('streaming', { chunks });
  answer.body.destroy();
  const next = await lambda.invokeStreaming('streaming', { chunks: ['y'] });
  assert.is(await text(next.body), 'y');
});

streaming('tell the function when their reader goes before there is one byte', async () => {
  const left = new AbortController();
  const gone = rejectionOf(lambda.invokeStreaming('streaming', { untilLeft: true }, left.signal));
  left.abort();
  assert.is((await gone).name, 'MalformedPrelude', 'nothing was answered');
  const late = rejectionOf(lambda.invokeStreaming('streaming', { untilLeft: true }, AbortSignal.abort()));
  assert.is((await late).name, 'MalformedPrelude');
  assert.is(lambda.environmentCount('streaming'), 1, 'which is free again');
});

streaming('fail before the prelude, without one, and in the middle', async () => {
  const before = await failureOf(lambda.invokeStreaming('streaming', { failBefore: true }));
  assert.is(before.errorType, 'TypeError');
  assert.is(
    (await rejectionOf(lambda.invokeStreaming('streaming', { bare: true }))).name,
    'MalformedPrelude',
  );
  const answer = await lambda.invokeStreaming('streaming', { chunks: ['a'], failAfter: true, pauseMs: 5 });
  assert.is((await failureOf(text(answer.body))).errorMessage, 'after');
});

const MALFORMED: Readonly<Record<string, unknown>> = {
  'no object': 'text',
  'without a status': { headers: {} },
  'with half a status': { statusCode: 200.5 },
  'with cookies': { statusCode: 200, cookies: ['a=1'] },
  'with headers of several values': { statusCode: 200, multiValueHeaders: {} },
};
for (const [what, prelude] of Object.entries(MALFORMED)) {
  streaming(`are refused whose prelude is one ${what}, which this machine would drop`, async () => {
    const error = await rejectionOf(lambda.invokeStreaming('streaming', { prelude }));
    assert.is(error.name, 'MalformedPrelude');
  });
}

streaming('may have no headers', async () => {
  const answer = await lambda.invokeStreaming('streaming', { prelude: { statusCode: 204 } });
  assert.equal([answer.statusCode, answer.headers], [204, {}]);
  assert.is(await text(answer.body), 'body');
});

streaming.run();
