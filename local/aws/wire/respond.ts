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

type ErrorWriter = (response: ServerResponse, error: AwsError, requestId: string, headers: Headers) => void;

const ERROR_WRITERS: Record<Protocol, ErrorWriter> = {
  json: (response, error, _requestId, headers) => {
    const queryError =
      error.queryCode === undefined
        ? {}
        : { 'x-amzn-query-error': `${error.queryCode};${error.status < 500 ? 'Sender' : 'Receiver'}` };
    const body = JSON.stringify({ __type: error.code, message: error.message });
    send(response, error.status, 'application/x-amz-json-1.1', body, { ...headers, ...queryError });
  },
  query: (response, error, requestId, headers) => {
    const fault = element(
      'Error',
      textElement('Type', error.status < 500 ? 'Sender' : 'Receiver') +
        textElement('Code', error.code) +
        textElement('Message', error.message),
    );
    const body = element('ErrorResponse', fault + textElement('RequestId', requestId));
    send(response, error.status, 'text/xml', body, headers);
  },
  'rest-xml': (response, error, requestId, headers) => {
    const fields = { Code: error.code, Message: error.message, RequestId: requestId };
    const body = Object.entries(fields).map(([name, text]) => textElement(name, text));
    send(
      response,
      error.status,
      'application/xml',
      XML_DECLARATION + element('Error', body.join('')),
      headers,
    );
  },
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
  ERROR_WRITERS[protocol](response, toAwsError(error, protocol), requestId, headers);
}
