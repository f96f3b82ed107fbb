import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as sendRequest } from 'node:http';
import { failWhenCut } from '../../../core/server/fail-when-cut.ts';
import { passAnswerOn } from '../../../core/server/pass-answer-on.ts';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsCall, AwsService } from '../wire/aws-server.ts';
import { type JsonObject, parseInput } from '../wire/json-service.ts';
import { readBody } from '../wire/read-body.ts';

// DynamoDB's own limit of a request.
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const TARGET = /^DynamoDB_\d+\.(\w+)$/;
const UNREACHABLE = 'DynamoDB cannot be reached';
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'];

/** DynamoDB: every call that is allowed goes to the backend as it came, byte for byte, and so does the answer. */
export function createDynamodbApi(options: {
  readonly backend: string;
  /** DynamoDB Local keeps a database for each access key id: there all calls are this one's. */
  readonly accessKeyId: string;
  /** Called with the names of its tables after every write that the backend has answered. */
  onWrite(tables: readonly string[]): void;
}): AwsService & { close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });

  const forward = (call: AwsCall, body: Buffer): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const authorization = call.headers.authorization?.replace(call.accessKeyId, options.accessKeyId);
      const headers = { ...passedOn(call.headers), authorization, 'content-length': body.length };
      const outgoing = sendRequest(
        new URL(call.path, options.backend),
        { method: call.method, headers, agent },
        (answer) => {
          failWhenCut(outgoing, answer);
          resolve(answer);
        },
      );
      outgoing.once('error', (cause) =>
        reject(Object.assign(new AwsError('InternalServerError', UNREACHABLE, { status: 500 }), { cause })),
      );
      call.gone.addEventListener('abort', () => outgoing.destroy(), { once: true });
      outgoing.end(body);
    });

  return {
    protocol: 'json',
    async handle(call) {
      const body = await readBody(call, MAX_BODY_BYTES);
      const operation = TARGET.exec(String(call.headers['x-amz-target']))?.[1] ?? '';
      const input = parseInput(body);
      call.authorize(operation, input);
      const answer = await forward(call, body);
      if (WRITES.includes(operation)) options.onWrite(tablesOf(input));
      call.response.writeHead(answer.statusCode ?? 500, passedOn(answer.headers));
      await passAnswerOn(answer, call.response);
    },
    close: () => agent.destroy(),
  };
}

/** Without what belongs to the connection, and without the backend's invitation to pages of any origin. */
const passedOn = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(?:connection|keep-alive|access-control-.*)$/.test(name)),
  );

/** The names of the tables that a write is for, each once; a table may be named by its ARN, too. */
function tablesOf({ TableName, TransactItems = [], RequestItems = {} }: JsonObject): readonly string[] {
  const parts = (TransactItems as readonly object[]).flatMap((item) => Object.values(item));
  const named = [{ TableName }, ...parts].map((part: { readonly TableName?: unknown }) => part.TableName);
  const names = [...named, ...Object.keys(RequestItems as object)].filter((name) => typeof name === 'string');
  return [...new Set(names.map((name) => name.replace(/^arn:.*:table\//, '')))];
}
