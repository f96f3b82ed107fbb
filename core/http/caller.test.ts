import { Writable } from 'node:stream';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callerOf, watchCaller } from './caller.ts';

Object.assign(globalThis, { awslambda: { streamifyResponse: (handler: unknown) => handler } });

const newEvent = () => ({ requestContext: {} }) as APIGatewayProxyEvent;
const newStream = () => new Writable({ write: (_chunk, _encoding, done) => done() });
const context = {} as Context;

/** As middy does it. */
const answerOn = (stream: Writable) =>
  new Promise<void>((resolve) => {
    stream.write('answer');
    stream.end(resolve);
  });

const callers = suite('the caller of a streamed answer');

callers('that has its answer is not waited for', async () => {
  let isDone = false;
  const handler = watchCaller(async (event, stream) => {
    callerOf(event).onLeave(async () => {
      isDone = true;
    });
    await answerOn(stream);
  });
  await handler(newEvent(), newStream(), context);
  assert.is(isDone, false);
});

callers(
  'that leaves while it waits is known to have left, and the invocation lasts until that is dealt with',
  async () => {
    const stream = newStream();
    const steps: string[] = [];
    const handler = watchCaller(async (event) => {
      const caller = callerOf(event);
      assert.is(caller.hasLeft(), false);
      const dealt = Promise.withResolvers<void>();
      caller.onLeave(async () => {
        steps.push('left');
        await new Promise(setImmediate);
        steps.push('dealt with');
        dealt.resolve();
      });
      stream.destroy();
      assert.is(caller.hasLeft(), true);
      await answerOn(stream);
    });
    await handler(newEvent(), stream, context);
    assert.equal(steps, ['left', 'dealt with']);
  },
);

callers('that had left before is told of as well', async () => {
  const stream = newStream();
  stream.destroy();
  let isTold = false;
  const handler = watchCaller(async (event) => {
    callerOf(event).onLeave(async () => {
      isTold = true;
    });
    await answerOn(stream);
  });
  await handler(newEvent(), stream, context);
  assert.is(isTold, true);
});

callers('of an answer in one piece cannot be seen to leave', () => {
  const caller = callerOf(newEvent());
  assert.is(caller.hasLeft(), false);
  caller.onLeave(async () => assert.unreachable());
});

callers.run();
