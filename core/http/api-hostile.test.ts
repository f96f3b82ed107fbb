/** What the HTTP stack answers, and logs, when a request or a failure is not what anybody expects. */
import { mock } from 'node:test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AppError } from '../domain/errors.ts';
import { ok } from './response.ts';
import { event, run } from './testing/run-api.ts';

const stack = suite('api, against the odd');

stack('says nothing of what is thrown that is no error, and answers all the same', async () => {
  for (const thrown of ['secret text', undefined, null, { statusCode: 404, secret: 'secret' }]) {
    const { result } = await run(async () => {
      throw thrown;
    });
    assert.is(result.statusCode, 500, String(thrown));
    assert.not.match(result.body, 'secret');
  }
});

stack('asks for JSON where API Gateway has no headers to show', async () => {
  const none = event({ headers: null as never });
  assert.is((await run(async () => ok(1), none)).result.statusCode, 415);
});

stack('logs neither the tokens nor the texts of a request, whether it succeeds or fails', async () => {
  const sent = event({
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer hunter2',
      'x-bb-api-key': 'hunter3',
    },
    body: '{"userMetadata":{"a":"hunter4"}}',
    queryStringParameters: { q: 'hunter5' },
  });
  for (const handle of [
    async () => ok({ signingKey: 'hunter6' }),
    async () => {
      throw new AppError('CONTAINER_UNAUTHORIZED');
    },
    async () => {
      throw new Error('inner');
    },
  ]) {
    const { lines } = await run(handle, sent);
    assert.ok(lines.length > 0);
    assert.not.match(lines.join(), 'hunter');
  }
});

for (const body of ['null', '[', '{"a":1}}', "{'a':1}", '{"a":NaN}', '\ufeff{', '//', '{"__proto__":{}}']) {
  stack(`refuses the body ${JSON.stringify(body)} before anything is done`, async () => {
    const called = mock.fn(async () => ok({}));
    const { result } = await run(called, event({ body }));
    assert.equal([result.statusCode, called.mock.callCount()], [400, 0]);
  });
}

stack.run();
