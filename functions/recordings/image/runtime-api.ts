import { Agent, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { failWhenCut } from '../../../core/server/fail-when-cut.ts';

/** What Lambda's runtime API is asked: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export interface RuntimeApi {
  /** Resolves when there is something to do. */
  next(): Promise<Invocation>;
  succeed(requestId: string, answer: unknown): Promise<void>;
  fail(requestId: string, error: unknown): Promise<void>;
  /** The function cannot be started. */
  failToStart(error: unknown): Promise<void>;
}

export interface Invocation {
  readonly requestId: string;
  readonly traceId: string | undefined;
  readonly event: unknown;
}

const VERSION = '2018-06-01';
const TYPE_HEADER = 'lambda-runtime-function-error-type';

export function connectRuntimeApi(host: string): RuntimeApi {
  const agent = new Agent({ keepAlive: true });

  /** Without a time-out: between two invocations everything stands still, clocks as well. */
  async function ask(
    method: string,
    path: string,
    body = '',
    headers: Readonly<Record<string, string>> = {},
  ) {
    const { promise, resolve, reject } = Promise.withResolvers<import('node:http').IncomingMessage>();
    const asked = request(`http://${host}/${VERSION}/runtime/${path}`, { method, agent, headers });
    asked.once('response', (answer) => {
      failWhenCut(asked, answer);
      resolve(answer);
    });
    asked.on('error', reject).end(body);
    const answer = await promise;
    const content = await buffer(answer);
    const { statusCode = 0 } = answer;
    if (statusCode < 200 || statusCode > 299)
      throw new Error(`Lambda's runtime API answered ${statusCode} to ${path.split('/').at(-1)}`);
    return { headers: answer.headers, content };
  }

  const tell = (path: string, error: unknown) =>
    ask('POST', path, JSON.stringify(describe(error)), { [TYPE_HEADER]: describe(error).errorType });

  return {
    async next() {
      const { headers, content } = await ask('GET', 'invocation/next');
      const requestId = headers['lambda-runtime-aws-request-id'];
      if (typeof requestId !== 'string') throw new Error("Lambda's runtime API told no request id");
      const traceId = headers['lambda-runtime-trace-id'];
      return {
        requestId,
        traceId: typeof traceId === 'string' ? traceId : undefined,
        event: JSON.parse(content.toString()),
      };
    },
    async succeed(requestId, answer) {
      await ask('POST', `invocation/${requestId}/response`, JSON.stringify(answer ?? null));
    },
    async fail(requestId, error) {
      await tell(`invocation/${requestId}/error`, error);
    },
    async failToStart(error) {
      await tell('init/error', error);
    },
  };
}

const describe = (error: unknown) => {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { errorType: name, errorMessage: message, stackTrace: [] };
};
