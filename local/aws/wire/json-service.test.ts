import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as z from 'zod';
import { rejectionOf } from '../testing/serve-services.ts';
import { AwsError } from './aws-error.ts';
import type { AwsCall } from './aws-server.ts';
import { createJsonService, operation, textUpTo } from './json-service.ts';

const THING = z.strictObject({ Name: textUpTo(5), Count: z.int().max(3).default(1) });

interface Given {
  readonly body?: string;
  readonly target?: string;
  readonly method?: string;
  readonly path?: string;
  readonly payloadHash?: string;
  readonly authorize?: AwsCall['authorize'];
}

/** Calls a service that answers with what it was asked. */
async function call(given: Given = {}) {
  const { body = '{"Name":"é"}', target = 'Things_2020.GetThing', method = 'POST', path = '/' } = given;
  const asked: string[] = [];
  const service = createJsonService({
    targetPrefix: 'Things_2020',
    version: '1.0',
    invalidInput: 'ValidationException',
    operations: {
      GetThing: operation(THING, (input) => {
        asked.push(JSON.stringify(input));
        return { Thing: input };
      }),
    },
  });
  const sent = { status: 0, type: '', body: '' };
  const response = {
    req: { complete: true },
    writeHead: (status: number, headers: Record<string, string>) =>
      void Object.assign(sent, { status, type: headers['content-type'] }),
    end: (bytes: Buffer) => {
      sent.body = bytes.toString();
    },
  };
  const request = Object.assign(Readable.from([Buffer.from(body)]), {
    headers: { 'content-length': String(Buffer.byteLength(body)) },
  });
  const running = service.handle({
    method,
    path,
    query: new URLSearchParams(),
    headers: { 'x-amz-target': target },
    service: 'things',
    accessKeyId: 'AKIA',
    payloadHash: given.payloadHash ?? createHash('sha256').update(body).digest('hex'),
    requestId: 'r1',
    request: request as unknown as IncomingMessage,
    response: response as unknown as ServerResponse,
    gone: new AbortController().signal,
    authorize: given.authorize ?? (() => undefined),
  });
  return { running, sent, asked };
}

const refusalOf = async (given: Given): Promise<AwsError> => {
  const { running, asked } = await call(given);
  const error = await rejectionOf(running);
  assert.instance(error, AwsError);
  assert.equal(asked, [], 'nothing was done');
  return error as unknown as AwsError;
};

const t = suite('a service of JSON');

t('carries out the operation that the target names', async () => {
  const { running, sent } = await call();
  await running;
  assert.equal(sent, {
    status: 200,
    type: 'application/x-amz-json-1.0',
    body: '{"Thing":{"Name":"é","Count":1}}',
  });
});

t('names what it does not support', async () => {
  const cases: readonly [Given, string][] = [
    [{ target: 'Things_2020.PutThing' }, 'Things_2020.PutThing'],
    [{ target: 'Others_2020.GetThing' }, 'Others_2020.GetThing'],
    [{ target: 'Things_2020.toString' }, 'Things_2020.toString'],
    [{ target: '', method: 'GET', path: '/things' }, 'GET /things'],
  ];
  for (const [given, name] of cases) {
    const { code, message } = await refusalOf(given);
    assert.is(code, 'UnknownOperationException');
    assert.is(message, `This stand-in does not support ${name}`);
  }
});

t('refuses a body that is no object, or not the one that was signed', async () => {
  for (const body of ['', '{', '[]', 'null', '"text"']) {
    assert.is((await refusalOf({ body })).code, 'SerializationException', body);
  }
  assert.is((await refusalOf({ payloadHash: '0'.repeat(64) })).code, 'InvalidSignatureException');
});

t('refuses an input that it does not act on, in the service’s own code, and names the member', async () => {
  const cases: readonly [input: object, sentence: RegExp][] = [
    [{ Name: 'a', Colour: 'red' }, /^GetThing: .*Colour/],
    [{}, /^GetThing\.Name: /],
    [{ Name: '' }, /^GetThing\.Name: /],
    [{ Name: 1 }, /^GetThing\.Name: .*string/],
    [{ Name: 'ééé' }, /^GetThing\.Name: is longer than 5 bytes/],
    [{ Name: 'a', Count: 4 }, /^GetThing\.Count: .*3/],
    [{ Name: 'a', Count: 1.5 }, /^GetThing\.Count: .*int/],
  ];
  for (const [input, sentence] of cases) {
    const { code, message } = await refusalOf({ body: JSON.stringify(input) });
    assert.is(code, 'ValidationException');
    assert.match(message, sentence);
  }
});

t('refuses a body over 2 MB', async () => {
  const { code, status } = await refusalOf({ body: JSON.stringify({ text: 'x'.repeat(2 * 1024 * 1024) }) });
  assert.equal([code, status], ['RequestEntityTooLarge', 413]);
});

t('asks whether the caller may, with the operation and its input, before it does anything', async () => {
  const asked: unknown[] = [];
  const error = await refusalOf({
    authorize: (...question) => {
      asked.push(question);
      throw new AwsError('AccessDeniedException', 'no');
    },
  });
  assert.is(error.code, 'AccessDeniedException');
  assert.equal(asked, [['GetThing', { Name: 'é' }]]);
});

t.run();
