import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One call of the SDK: `DynamoDB_20120810.GetItem`, or `Publish` where the service speaks in forms. */
export interface AwsCall {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads in it what the call at hand has
  readonly body: any;
}

/** An answer in JSON, or as it is when it is a text. */
export type AnswerCall = (call: AwsCall) => object | string;

/**
 * An AWS of which a test says what it answers. From then on this process's SDK clients call it: an entry that is imported
 * afterwards is wired to it, and reads `environment` as its own.
 */
export async function openAwsEndpoint(environment: Readonly<Record<string, string>>, answer: AnswerCall) {
  const calls: AwsCall[] = [];
  const server = createServer(async (request, response) => {
    const text = (await buffer(request)).toString();
    const target = request.headers['x-amz-target'];
    const form = new URLSearchParams(text);
    const call: AwsCall =
      typeof target === 'string'
        ? { name: target, body: JSON.parse(text) }
        : { name: form.get('Action') ?? request.url ?? '', body: Object.fromEntries(form) };
    calls.push(call);
    const answered = answer(call);
    const isText = typeof answered === 'string';
    response.writeHead(200, { 'content-type': isText ? 'text/xml' : 'application/x-amz-json-1.0' });
    response.end(isText ? answered : JSON.stringify(answered));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  Object.assign(process.env, environment, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'us-west-2',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
  });
  return {
    calls,
    names: () => calls.map(({ name }) => name),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
