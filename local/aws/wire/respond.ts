import type { ServerResponse } from 'node:http';
import { endAnswer } from '../../../core/server/end-answer.ts';
import { cutAnswer } from '../../../core/server/pass-answer-on.ts';
import { type AwsError, type Protocol, toAwsError } from './aws-error.ts';

export type Headers = Readonly<Record<string, string | number>>;

/** Sends one finished answer. All of the request need not have come. */
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
  endAnswer(response, bytes);
}

/** An element's content: text, or other elements by their names. */
export type XmlContent = string | { readonly [name: string]: XmlContent };

const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 cannot hold at all
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`);

export const toXml = (content: XmlContent): string =>
  typeof content === 'string'
    ? escapeXml(content)
    : Object.entries(content)
        .map(([name, inner]) => `<${name}>${toXml(inner)}</${name.split(' ')[0]}>`)
        .join('');

type ErrorBody = readonly [contentType: string, body: string, headers?: Headers];

const ERROR_BODIES: Record<Protocol, (error: AwsError, RequestId: string) => ErrorBody> = {
  json: ({ code, message, status, queryCode }) => {
    const fault = status < 500 ? 'Sender' : 'Receiver';
    const headers = queryCode === undefined ? {} : { 'x-amzn-query-error': `${queryCode};${fault}` };
    return ['application/x-amz-json-1.1', JSON.stringify({ __type: code, message }), headers];
  },
  query: ({ code: Code, message: Message, status }, RequestId) => {
    const Type = status < 500 ? 'Sender' : 'Receiver';
    return ['text/xml', toXml({ ErrorResponse: { Error: { Type, Code, Message }, RequestId } })];
  },
  'rest-xml': ({ code: Code, message: Message }, RequestId) => [
    'application/xml',
    `<?xml version="1.0" encoding="UTF-8"?>\n${toXml({ Error: { Code, Message, RequestId } })}`,
  ],
};

/** Answers with `error` in the words of `protocol`; an answer already under way can only be cut off. */
export function sendError(
  response: ServerResponse,
  error: unknown,
  protocol: Protocol,
  requestId: string,
): void {
  if (response.headersSent) {
    cutAnswer(response);
    return;
  }
  const refusal = toAwsError(error, protocol);
  const [contentType, body, more] = ERROR_BODIES[protocol](refusal, requestId);
  send(response, refusal.status, contentType, body, more);
}
