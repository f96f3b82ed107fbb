/** The bundles as they are deployed, in this process, on tables of a real DynamoDB API that are told of each call. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { systemNow } from '../../../core/clock/system-clock.ts';
import { rotateKeySet } from '../../../core/tokens/key-set.ts';
import { bundleOf, functionSpecs } from '../../../local/start/infrastructure.ts';
import { openSessionTables } from './session-tables.ts';

/** What API Gateway hands over, as far as a test says it. */
export interface Sent {
  readonly method: string;
  /** As the contract has it. */
  readonly route: string;
  readonly id?: string;
  readonly deliveryId?: string;
  readonly pageId?: string;
  readonly projectId?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is. */
  readonly body?: object | string;
  /** Instead of it: a body of another type, as API Gateway hands over what is no text. */
  readonly bytes?: Buffer;
}

/** A container that a create, or the keeper, has started. */
export interface StartedTask {
  /** The session's id, or a warm id. */
  readonly startedBy: string;
  readonly token: string;
}

export type DeployedFunctions = Awaited<ReturnType<typeof openDeployedFunctions>>;

// biome-ignore lint/suspicious/noExplicitAny: each kind of function has arguments of its own
type Handler = (...given: any[]) => Promise<any>;
const require = createRequire(import.meta.url);

export async function openDeployedFunctions() {
  const tables = await openSessionTables();
  const calls: string[] = [];
  const started: StartedTask[] = [];
  const first = Promise.withResolvers<StartedTask>();
  const onStart = (task: StartedTask) => {
    started.push(task);
    first.resolve(task);
  };
  const signal = Promise.withResolvers<string>();
  const answers = answersOfOthers(onStart, signal.promise);
  const modules = Object.entries(tables.infrastructure.tables).map(([module, { name }]) => [name, module]);
  const tableOf = new Map(modules as [string, string][]);

  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    const [service, call = ''] = String(incoming.headers['x-amz-target'] ?? '').split('.');
    if (service?.startsWith('DynamoDB')) {
      calls.push(`${call} ${tablesIn(JSON.parse(body.toString()), tableOf)}`);
      return passOn(tables.endpoint, incoming, body, response);
    }
    const answer = answers[call];
    if (answer === undefined) return passOn(tables.endpoint, incoming, body, response);
    response.end(JSON.stringify(await answer(JSON.parse(body.toString()))));
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
    /** The container that the one create of this test starts. */
    started: first.promise,
    /** All that were started so far. */
    tasks: started as readonly StartedTask[],
    /** The ready queue's message. */
    ring: signal.resolve,
    invoke: (name: string, event: object) => handlerOf(name)(event, context),
    /** Answers the status and the body. */
    async send(name: string, sent: Sent): Promise<{ status: number; body: Record<string, never> }> {
      const { statusCode, body } = await handlerOf(name)(eventOf(sent), context);
      return { status: statusCode, body: body === '' ? {} : JSON.parse(body) };
    },
    /** What a function streams, as it is. */
    async streamText(name: string, sent: Sent): Promise<string> {
      const out = new PassThrough();
      const [body] = await Promise.all([text(out), handlerOf(name)(eventOf(sent), out, context)]);
      return body;
    },
    async stream(name: string, sent: Sent): Promise<Record<string, never>> {
      return JSON.parse(await this.streamText(name, sent));
    },
    /** What was asked of DynamoDB since this was asked last: `GetItem sessions`. */
    takeCalls: () => calls.splice(0),
    async close() {
      server.closeAllConnections();
      server.close();
      await tables.close();
    },
  };
}

const context = { getRemainingTimeInMillis: () => 50_000, awsRequestId: 'r' };
let requests = 0;

const eventOf = ({
  method,
  route,
  id,
  deliveryId,
  pageId,
  projectId = '',
  query,
  headers = {},
  body,
  bytes,
}: Sent) => ({
  httpMethod: method,
  resource: route,
  path: route,
  headers: { 'content-type': 'application/json', ...headers },
  pathParameters:
    id === undefined
      ? null
      : {
          id,
          ...(deliveryId === undefined ? {} : { deliveryId }),
          ...(pageId === undefined ? {} : { pageId }),
        },
  queryStringParameters: query ?? null,
  body: bytes?.toString('base64') ?? (typeof body === 'object' ? JSON.stringify(body) : (body ?? null)),
  isBase64Encoded: bytes !== undefined,
  requestContext: {
    requestId: `r${++requests}`,
    domainName: 'api.example',
    stage: 'prod',
    authorizer: { projectId, projectIds: projectId },
  },
});

/** The tables of one call, each once for each of its items. */
function tablesIn(body: Record<string, unknown>, tableOf: ReadonlyMap<string, string>): string {
  const names = [...JSON.stringify(body).matchAll(/"TableName":"([^"]+)"/g)].map(([, name]) => name ?? '');
  const batch = Object.keys((body.RequestItems as object | undefined) ?? {});
  return [...names, ...batch].map((name) => tableOf.get(name) ?? name).join('+');
}

/** Of RunTask and of SendMessage, whose bodies are looked at. */
interface Asked {
  /** Of SendMessage. */
  readonly MessageBody: string;
  readonly startedBy: string;
  readonly overrides: {
    readonly containerOverrides: readonly { readonly environment: readonly Variable[] }[];
  };
}

type Answer = (asked: Asked) => object | Promise<object>;

/** ECS starts every task, Secrets Manager has one key set, and SQS one message. */
function answersOfOthers(
  onStart: (task: StartedTask) => void,
  signal: Promise<string>,
): Readonly<Record<string, Answer>> {
  const keySet = JSON.stringify(rotateKeySet(undefined, systemNow()));
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
function passOn(endpoint: string, incoming: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { hostname, port } = new URL(endpoint);
  const { method, url, headers } = incoming;
  const onwards = request({ hostname, port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onwards.on('error', (error) => response.destroy(error));
  onwards.end(body);
}
