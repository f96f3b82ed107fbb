/** Against a server that speaks as Lambda's runtime API does. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CUT_ANSWERS, startCutter } from '../../../core/testing/cut-bodies.ts';
import { recordLog } from '../../../core/testing/record-log.ts';
import { type FunctionHandler, runFunction } from './run-function.ts';
import { connectRuntimeApi } from './runtime-api.ts';

const running = suite('a function in an image');

/** Hands these events out, one after the other, and then is gone. Resolves with what it was told. */
async function serve(events: readonly unknown[], load: () => FunctionHandler) {
  const told: (readonly [path: string, body: unknown, type: IncomingMessage['headers'][string]])[] = [];
  const waiting = [...events];
  let number = 0;
  const server = createServer(async (asked, answer) => {
    const path = (asked.url ?? '').replace('/2018-06-01/runtime/', '');
    const type = asked.headers['lambda-runtime-function-error-type'];
    if (asked.method === 'POST') told.push([path, JSON.parse(await text(asked)), type]);
    else if (waiting.length === 0) return void asked.socket.destroy();
    const headers = {
      'lambda-runtime-aws-request-id': `r${++number}`,
      'lambda-runtime-trace-id': `t${number}`,
    };
    const isNext = asked.method === 'GET';
    answer.writeHead(isNext ? 200 : 202, isNext ? headers : {});
    answer.end(isNext ? JSON.stringify(waiting.shift()) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const log = recordLog();
  const api = connectRuntimeApi(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  const ended = await runFunction(api, load, log.logger, process.env).catch((error: Error) => error);
  server.closeAllConnections();
  server.close();
  return { told, ended, log };
}

running('answers one invocation after the other, with what belongs to each', async () => {
  const seen: unknown[] = [];
  const { told } = await serve([{ a: 1 }, { a: 2 }], () => async (event, { awsRequestId }) => {
    seen.push([event, awsRequestId, process.env._X_AMZN_TRACE_ID]);
    return { batchItemFailures: [] };
  });
  assert.is(seen.length, 2);
  const [first, second] = seen as [unknown, string, string][];
  assert.equal([first?.[0], second?.[0]], [{ a: 1 }, { a: 2 }]);
  assert.is(first?.[2], first?.[1].replace('r', 't'));
  assert.equal(
    told.map(([, body]) => body),
    [{ batchItemFailures: [] }, { batchItemFailures: [] }],
  );
  assert.equal(told[0]?.[0], `invocation/${first?.[1]}/response`);
});

running('says that an invocation has failed, and goes on', async () => {
  let calls = 0;
  const { told, log } = await serve([{}, {}], () => () => {
    calls += 1;
    if (calls === 1) throw new TypeError('it went wrong');
    return undefined;
  });
  const [failed, done] = told;
  assert.match(failed?.[0] ?? '', /^invocation\/r\d+\/error$/);
  assert.equal(failed?.slice(1), [
    { errorType: 'TypeError', errorMessage: 'it went wrong', stackTrace: [] },
    'TypeError',
  ]);
  assert.equal([done?.[0].endsWith('/response'), done?.[1]], [true, null]);
  assert.match(log.text(), 'it went wrong');
});

for (const cut of CUT_ANSWERS)
  running(`takes no event that was cut: ${cut.name}`, async () => {
    const header = `${cut.header}\r\nlambda-runtime-aws-request-id: r1`;
    const lambda = await startCutter({ ...cut, header }, '{}');
    const next = connectRuntimeApi(`127.0.0.1:${lambda.port}`).next();
    assert.is(await next.catch((error: NodeJS.ErrnoException) => error.code), 'ECONNRESET');
    await lambda.stop();
  });

running('says that it cannot be started, and ends', async () => {
  const { told, ended } = await serve([], () => {
    throw new Error('SESSIONS_TABLE is missing');
  });
  assert.is(told[0]?.[0], 'init/error');
  assert.match(JSON.stringify(told[0]?.[1]), 'SESSIONS_TABLE is missing');
  assert.match(ended.message, 'SESSIONS_TABLE');
  const none = await serve([], () => undefined as never);
  assert.is(none.told[0]?.[0], 'init/error');
});

running.run();
