import type { ServerResponse } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AwsError, CommonFault, type Protocol, toAwsError } from './aws-error.ts';
import { send, sendError } from './respond.ts';

interface Sent {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** What is written to a response by `write`. */
function written(write: (response: ServerResponse) => void): Sent {
  const sent: Sent = { status: 0, headers: {}, body: '' };
  const response = {
    headersSent: false,
    req: { complete: true },
    writeHead: (status: number, headers: Record<string, unknown>) =>
      void Object.assign(sent, { status, headers }),
    end: (bytes: Buffer) => {
      sent.body = bytes.toString();
    },
  };
  write(response as unknown as ServerResponse);
  return sent;
}

const errorIn = (protocol: Protocol, error: unknown): Sent =>
  written((response) => sendError(response, error, protocol, 'r1'));

const t = suite('an answer');

t('says its length in bytes, and its type where it has one', () => {
  const { status, headers, body } = written((response) =>
    send(response, 200, 'text/plain', 'é', { etag: 'x' }),
  );
  assert.is(status, 200);
  assert.equal(headers, { 'content-type': 'text/plain', 'content-length': 2, etag: 'x' });
  assert.is(body, 'é');
  assert.equal(written((response) => send(response, 204, undefined, '')).headers, { 'content-length': 0 });
});

t('of JSON has an error’s code as its type', () => {
  const { status, headers, body } = errorIn('json', new AwsError('ThingNotFound', 'No <thing>'));
  assert.is(status, 400);
  assert.is(headers['content-type'], 'application/x-amz-json-1.1');
  assert.is(headers['x-amzn-query-error'], undefined);
  assert.equal(JSON.parse(body), { __type: 'ThingNotFound', message: 'No <thing>' });
});

t('of JSON has the code of the older protocol beside it where there is one', () => {
  const queryCode = 'AWS.SimpleQueueService.NonExistentQueue';
  const own = errorIn('json', new AwsError('QueueDoesNotExist', 'x', { queryCode }));
  assert.is(own.headers['x-amzn-query-error'], `${queryCode};Sender`);
  const ours = errorIn('json', new AwsError('InternalError', 'x', { queryCode: 'Internal', status: 500 }));
  assert.is(ours.headers['x-amzn-query-error'], 'Internal;Receiver');
});

t('of the query protocol is an ErrorResponse that says whose fault it is', () => {
  const { headers, body } = errorIn('query', new AwsError('NotFound', 'No <topic>', { status: 404 }));
  assert.is(headers['content-type'], 'text/xml');
  assert.is(
    body,
    '<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>No &#60;topic&#62;</Message></Error>' +
      '<RequestId>r1</RequestId></ErrorResponse>',
  );
  assert.match(errorIn('query', new AwsError('x', 'y', { status: 503 })).body, /<Type>Receiver</);
});

t('of S3 is an Error, and has no character that XML cannot hold', () => {
  const { headers, body } = errorIn(
    'rest-xml',
    new AwsError('NoSuchKey', 'a\u0001 & "b"\r', { status: 404 }),
  );
  assert.is(headers['content-type'], 'application/xml');
  assert.is(
    body,
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code>' +
      '<Message>a\ufffd &#38; &#34;b&#34;&#13;</Message><RequestId>r1</RequestId></Error>',
  );
});

t('keeps to itself what went wrong inside, in the word of each protocol', () => {
  const words = { json: 'InternalServerError', query: 'InternalFailure', 'rest-xml': 'InternalError' };
  for (const [protocol, word] of Object.entries(words)) {
    const { status, body } = errorIn(protocol as Protocol, new TypeError('inner detail'));
    assert.is(status, 500);
    assert.match(body, word);
    assert.not.match(body, 'inner detail');
  }
});

t('refuses access in the word and with the status of each protocol', () => {
  const words = {
    json: ['AccessDeniedException', 400],
    query: ['AuthorizationError', 403],
    'rest-xml': ['AccessDenied', 403],
  } as const;
  for (const [protocol, [word, status]] of Object.entries(words)) {
    const error = toAwsError(new CommonFault('denied', 'User: x is not authorized'), protocol as Protocol);
    assert.equal([error.code, error.status], [word, status]);
    assert.match(errorIn(protocol as Protocol, error).body, 'User: x is not authorized');
  }
});

t('that is under way can only be cut off', () => {
  let isDestroyed = false;
  const response = {
    headersSent: true,
    destroy: () => {
      isDestroyed = true;
    },
  };
  sendError(response as unknown as ServerResponse, new Error('x'), 'json', 'r1');
  assert.ok(isDestroyed);
});

t.run();
