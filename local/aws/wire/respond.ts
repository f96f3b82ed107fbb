import type { ServerResponse } from 'node:http';
import { type AwsError, type Protocol, toAwsError } from './aws-error.ts';
import { element, textElement, XML_DECLARATION } from './xml.ts';

export type Headers = Readonly<Record<string, string | number>>;

/** Sends one finished answer. */
export function send(
  response: ServerResponse,
  status: number,
  contentType: string | undefined,
  body: string,
  headers: Headers = {},
): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    'content-length': bytes.length,
    ...headers,
  });
  response.end(bytes);
}

type ErrorBody = readonly [contentType: string, body: string, headers?: Headers];

const faultOf = ({ status }: AwsError): string => (status < 500 ? 'Sender' : 'Receiver');

const elements = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, text]) => textElement(name, text))
    .join('');

const ERROR_BODIES: Record<Protocol, (error: AwsError, RequestId: string) => ErrorBody> = {
  json: (error) => {
    const { code, message, queryCode } = error;
    const headers = queryCode === undefined ? {} : { 'x-amzn-query-error': `${queryCode};${faultOf(error)}` };
    return ['application/x-amz-json-1.1', JSON.stringify({ __type: code, message }), headers];
  },
  query: (error, RequestId) => {
    const fault = elements({ Type: faultOf(error), Code: error.code, Message: error.message });
    return ['text/xml', element('ErrorResponse', element('Error', fault) + elements({ RequestId }))];
  },
  'rest-xml': ({ code, message }, RequestId) => [
    'application/xml',
    XML_DECLARATION + element('Error', elements({ Code: code, Message: message, RequestId })),
  ],
};

/** Answers with `error` in the words of `protocol`; an answer already under way can only be cut off. */
export function sendError(
  response: ServerResponse,
  error: unknown,
  protocol: Protocol,
  requestId: string,
  headers: Headers = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const refusal = toAwsError(error, protocol);
  const [contentType, body, more] = ERROR_BODIES[protocol](refusal, requestId);
  send(response, refusal.status, contentType, body, { ...headers, ...more });
}
