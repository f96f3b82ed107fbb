/** The bundles as they are deployed, in this process, on tables of a real DynamoDB API that are told of each call. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { publishPublicKeys } from '../../../core/aws/keys/publish-public-keys.ts';
import { systemNow } from '../../../core/clock/system-clock.ts';
import { rotateKeySet } from '../../../core/tokens/key-set.ts';
import { publicKeysOf, type TokenKeySet } from '../../../core/tokens/tokens.ts';
import { bundleOf, functionSpecs } from '../../../local/start/infrastructure.ts';
import { eventOf, LAMBDA_CONTEXT, type Sent } from './lambda-event.ts';
import { openSessionTables } from './session-tables.ts';

export type { Sent };

/** A container that a create, or the keeper, has started. */
export interface StartedTask {
  /** The session's id, or a warm id. */
  readonly startedBy: string;
  readonly token: string;
}

export interface Answered {
  readonly status: number;
  readonly body: Record<string, never>;
  readonly headers: Readonly<Record<string, string>>;
}

export type DeployedFunctions = Awaited<ReturnType<typeof openDeployedFunctions>>;

// biome-ignore lint/suspicious/noExplicitAny: each kind of function has arguments of its own
type Handler = (...given: any[]) => Promise<any>;
const require = createRequire(import.meta.url);

/** What AWS does instead of what it was asked for. */
export type AwsFault =
  | 'throttled'
  | 'failed'
  | 'silent'
  /** It is done, and the answer says that it failed. */
  | 'unheard'
  /** It is done, and never answered. */
  | 'unanswered'
  /** Of RunTask: ECS finds no place for the task; or AWS itself has none. */
  | 'not-placed'
  | 'no-capacity';

/** By the call, such as `GetItem sessions` or `RunTask`; undefined: it is done. */
export type FaultOf = (call: string) => AwsFault | undefined;

export interface OpenOptions {
  /** Of services that are not DynamoDB and S3, by their call: instead of those that are there. */
  readonly answersOf?: (usual: Answers) => Answers;
}

export async function openDeployedFunctions({ answersOf = (usual) => usual }: OpenOptions = {}) {
  let faultOf: FaultOf | undefined;
  const tables = await openSessionTables();
  const calls: string[] = [];
  const allCalls: string[] = [];
  const started: StartedTask[] = [];
  const first = Promise.withResolvers<StartedTask>();
  const onStart = (task: StartedTask) => {
    started.push(task);
    first.resolve(task);
  };
  const signal = Promise.withResolvers<string>();
  const keySet = rotateKeySet(undefined, systemNow());
  const answers = answersOf(answersOfOthers(keySet, onStart, signal.promise));
  let onUnanswered = () => {};
  const { client } = tables.sessions;
  const publicKeysTable = { client, tableName: tables.infrastructure.tables.publicKeys.name };
  await publishPublicKeys(publicKeysTable, publicKeysOf(keySet), systemNow());
  const modules = Object.entries(tables.infrastructure.tables).map(([module, { name }]) => [name, module]);
  const tableOf = new Map(modules as [string, string][]);

  async function answer(call: Call, response: ServerResponse): Promise<void> {
    const { incoming, body, target, name } = call;
    if (call.isDynamodb) calls.push(name);
    const own = call.isDynamodb ? undefined : answers[target];
    if (own === undefined) passOn(tables.endpoint, incoming, body, response);
    else response.end(JSON.stringify(await own(JSON.parse(body.toString()))));
  }

  async function fail(fault: AwsFault, call: Call, response: ServerResponse): Promise<void> {
    const { incoming, body, target, name } = call;
    if (fault === 'unheard') return passOn(tables.endpoint, incoming, body, response, failCall);
    if (fault !== 'unanswered') return (name.endsWith(' S3') ? failS3 : failCall)(response, fault);
    const own = call.isDynamodb ? undefined : answers[target];
    if (own === undefined) return passOn(tables.endpoint, incoming, body, response, () => onUnanswered());
    await own(JSON.parse(body.toString()));
    onUnanswered();
  }

  const server = createServer(async (incoming, response) => {
    const call = callOf(incoming, await buffer(incoming), tableOf);
    allCalls.push(call.name);
    const fault = faultOf?.(call.name);
    await (fault === undefined ? answer(call, response) : fail(fault, call, response));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const specs = functionSpecs(tables.infrastructure, endpoint);
  Object.assign(process.env, ...Object.values(specs).map(({ environment }) => environment), {
    // What a machine tells its keeper when it runs.
    CONTAINER_API_URL: endpoint,
    // What an owner says: a receiver of webhooks would be there.
    ALLOWED_NETWORKS: '127.0.0.2/32',
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: tables.infrastructure.region,
    AWS_ACCESS_KEY_ID: tables.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: tables.credentials.secretAccessKey,
  });
  // What the runtime of Lambda has for functions that stream.
  Object.assign(globalThis, {
    awslambda: {
      streamifyResponse: (run: Handler) => run,
      HttpResponseStream: { from: (it: unknown) => it },
    },
  });
  const handlerOf = (name: string): Handler => require(bundleOf(name)).handler;

  return {
    tables,
    keySet,
    /** The container that the one create of this test starts. */
    started: first.promise,
    /** All that were started so far. */
    tasks: started as readonly StartedTask[],
    /** The ready queue's message. */
    ring: signal.resolve,
    invoke: (name: string, event: object) => handlerOf(name)(event, LAMBDA_CONTEXT),
    async send(name: string, sent: Sent): Promise<Answered> {
      const { statusCode, body, headers } = await handlerOf(name)(eventOf(sent), LAMBDA_CONTEXT);
      return { status: statusCode, body: body === '' ? {} : JSON.parse(body), headers };
    },
    /** What a function streams, as it is. */
    async streamText(name: string, sent: Sent): Promise<string> {
      const out = new PassThrough();
      const [body] = await Promise.all([text(out), handlerOf(name)(eventOf(sent), out, LAMBDA_CONTEXT)]);
      return body;
    },
    async stream(name: string, sent: Sent): Promise<Record<string, never>> {
      return JSON.parse(await this.streamText(name, sent));
    },
    /** From now on; undefined: nothing fails. `done`: what is not answered is done. */
    setFault(next: FaultOf | undefined, done: () => void = () => {}): void {
      faultOf = next;
      onUnanswered = done;
    },
    /** What was asked of DynamoDB since this was asked last: `GetItem sessions`. */
    takeCalls: () => calls.splice(0),
    /** The same, with those of other services: `RunTask`, `PUT S3`. */
    takeAllCalls: () => allCalls.splice(0),
    async close() {
      server.closeAllConnections();
      server.close();
      await tables.close();
    },
  };
}

const FAILURES: Readonly<Partial<Record<AwsFault, readonly [number, string, string]>>> = {
  throttled: [400, 'ThrottlingException', 'injected'],
  'no-capacity': [400, 'ClientException', 'Capacity is unavailable at this time. Please try again later'],
};
const NOT_PLACED = { tasks: [], failures: [{ reason: 'RESOURCE:CPU' }] };

/** In a form that all of AWS's protocols here have in common. */
function failCall(response: ServerResponse, fault: AwsFault = 'failed'): void {
  if (fault === 'silent') return;
  if (fault === 'not-placed') return void response.end(JSON.stringify(NOT_PLACED));
  const [status, type, message] = FAILURES[fault] ?? [500, 'InternalServerError', 'injected'];
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': type });
  response.end(JSON.stringify({ __type: type, message }));
}

function failS3(response: ServerResponse, fault: AwsFault): void {
  if (fault === 'silent') return;
  const [status, code] = fault === 'throttled' ? [503, 'SlowDown'] : [500, 'InternalError'];
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code><Message>injected</Message></Error>`);
}

interface Call {
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
  /** Without its service; '' of S3, whose calls are named by their method. */
  readonly target: string;
  readonly isDynamodb: boolean;
  readonly name: string;
}

function callOf(incoming: IncomingMessage, body: Buffer, tableOf: ReadonlyMap<string, string>): Call {
  const [service, target = ''] = String(incoming.headers['x-amz-target'] ?? '').split('.');
  const isDynamodb = service?.startsWith('DynamoDB') === true;
  const ofTable = () => `${target} ${tablesIn(JSON.parse(body.toString()), tableOf)}`;
  const name = isDynamodb ? ofTable() : target || `${incoming.method} S3`;
  return { incoming, body, target, isDynamodb, name };
}

/** The tables of one call, each once for each of its items. */
function tablesIn(body: Record<string, unknown>, tableOf: ReadonlyMap<string, string>): string {
  const names = [...JSON.stringify(body).matchAll(/"TableName":"([^"]+)"/g)].map(([, name]) => name ?? '');
  const batch = Object.keys((body.RequestItems as object | undefined) ?? {});
  return [...names, ...batch].map((name) => tableOf.get(name) ?? name).join('+');
}

/** Of RunTask and of SendMessage, whose bodies are looked at. */
export interface Asked {
  /** Of SendMessage. */
  readonly MessageBody: string;
  readonly startedBy: string;
  /** Of StopTask: its ARN. */
  readonly task: string;
  readonly overrides: {
    readonly containerOverrides: readonly { readonly environment: readonly Variable[] }[];
  };
}

type Answer = (asked: Asked) => object | Promise<object>;
export type Answers = Readonly<Record<string, Answer>>;

/** ECS starts every task, Secrets Manager has one key set, and SQS one message. */
function answersOfOthers(
  tokenKeys: TokenKeySet,
  onStart: (task: StartedTask) => void,
  signal: Promise<string>,
): Answers {
  const keySet = JSON.stringify(tokenKeys);
  return {
    GetSecretValue: () => ({ SecretString: keySet }),
    RunTask: ({ startedBy, overrides }) => {
      const variables = overrides.containerOverrides[0]?.environment ?? [];
      const token =
        variables.find(({ name }) => name === 'CONTROLLER_TOKEN' || name === 'WARM_TOKEN')?.value ?? '';
      onStart({ startedBy, token });
      return { tasks: [{ taskArn: 'arn:aws:ecs:us-west-2:0:task/t' }] };
    },
    StopTask: () => ({}),
    ListTasks: () => ({ taskArns: [] }),
    ReceiveMessage: async () => {
      const Body = await signal;
      const MD5OfBody = createHash('md5').update(Body).digest('hex');
      return { Messages: [{ MessageId: 'm', ReceiptHandle: 'h', Body, MD5OfBody }] };
    },
    DeleteMessage: () => ({}),
    SendMessage: ({ MessageBody }) => ({
      MessageId: 'm',
      MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
    }),
    ChangeMessageVisibility: () => ({}),
  };
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

/** As it came, so that its signature stays good. */
function passOn(
  endpoint: string,
  incoming: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  answerInstead?: (response: ServerResponse) => void,
): void {
  const { hostname, port } = new URL(endpoint);
  const { method, url, headers } = incoming;
  const onwards = request({ hostname, port, method, path: url, headers }, (answer) => {
    if (answerInstead !== undefined) {
      answer.resume().once('end', () => answerInstead(response));
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onwards.on('error', (error) => response.destroy(error));
  onwards.end(body);
}
