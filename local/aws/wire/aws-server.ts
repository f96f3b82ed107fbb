import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from '../../../core/log/logger.ts';
import type { Access } from '../iam/access.ts';
import { AwsError, CommonFault, type Protocol, toAwsError } from './aws-error.ts';
import type { JsonObject } from './json-service.ts';
import { listen } from './listen.ts';
import { sendError } from './respond.ts';
import {
  type AwsCredentials,
  type RequestHead,
  type VerifiedSignature,
  verifySignature,
} from './verify-signature.ts';

/** A request whose signature has been verified, on its way to its service. */
export interface AwsCall extends RequestHead, VerifiedSignature {
  readonly requestId: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborts when the client goes away before it has its answer. */
  readonly gone: AbortSignal;
  /** Throws unless who has signed may do this. To be called before anything is done. */
  authorize(operation: string, input: JsonObject): void;
}

export interface AwsService {
  readonly protocol: Protocol;
  handle(call: AwsCall): Promise<void>;
}

const LOOPBACK_HOST = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?$/i;
// Longer than any SDK keeps an idle connection, so that it is the client who closes and no request meets a closed one.
const KEEP_ALIVE_MS = 75_000;
const MAX_REQUEST_MS = 15 * 60_000;
const MAX_DRAINED_BYTES = 4 * 1024 * 1024;

export interface ServerOptions {
  readonly port: number;
  readonly region: string;
  /** The owner's, who may do everything. */
  readonly credentials: AwsCredentials;
  /** Who else has a key, and what they may do; nobody when left out. */
  readonly access?: Access;
  readonly services: Readonly<Record<string, AwsService>>;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** One HTTP server on loopback for all services; the service is the one the signature is scoped to. */
export async function startAwsServer(options: ServerOptions) {
  const timeouts = { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: MAX_REQUEST_MS };
  const server = createServer(timeouts, (request, response) => void answer(request, response, options));
  const { host, port, close } = await listen(server, options.port);
  return { endpoint: `http://${host}:${port}`, close };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  const requestId = randomUUID();
  let protocol = guessProtocol(request);
  response.setHeader('x-amzn-requestid', requestId);
  response.setHeader('x-amz-request-id', requestId);
  try {
    const head = readHead(request);
    const verified = await verify(head, options);
    const service = Object.hasOwn(options.services, verified.service) && options.services[verified.service];
    if (!service)
      throw new AwsError('UnknownOperationException', `No service ${verified.service} on this machine`);
    protocol = service.protocol;
    const authorize = createAuthorize(verified, options);
    const gone = signalOf(response);
    await service.handle({ ...head, ...verified, requestId, request, response, gone, authorize });
  } catch (error) {
    const refused = toAwsError(error, protocol);
    if (refused.status >= 500 && !response.destroyed)
      options.logger.error('An AWS call failed', { requestId, error });
    sendError(response, refused, protocol, requestId, isWorthReading(request) ? {} : { connection: 'close' });
  }
}

function verify(head: RequestHead, options: ServerOptions): Promise<VerifiedSignature> {
  const { credentials, access, region, now } = options;
  const secretOf = (accessKeyId: string): string | undefined =>
    accessKeyId === credentials.accessKeyId
      ? credentials.secretAccessKey
      : access?.principalOf(accessKeyId)?.credentials.secretAccessKey;
  return verifySignature(head, { secretOf, region, now: now() });
}

/** A refusal is a mistake in the Terraform, so it goes into the log as well. */
const createAuthorize =
  ({ service, accessKeyId }: VerifiedSignature, { access, logger }: ServerOptions): AwsCall['authorize'] =>
  (operation, input) => {
    const principal = access?.principalOf(accessKeyId);
    const refusal = principal && access?.refusalOf(principal, { service, operation, input });
    if (refusal === undefined) return;
    logger.error('Access denied', { refusal });
    throw new CommonFault('denied', refusal);
  };

function readHead(request: IncomingMessage): RequestHead {
  if (!LOOPBACK_HOST.test(request.headers.host ?? '')) {
    throw new AwsError('AccessDenied', 'Only loopback hosts are served', { status: 403 });
  }
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  const { method = 'GET', headers } = request;
  return { method, path, query: new URLSearchParams(query.join('?')), headers };
}

/** Node reads the rest of a refused body to its end, so that the connection can be used again: if that is not too much. */
const isWorthReading = ({ complete, headers }: IncomingMessage): boolean =>
  complete || Number(headers['content-length'] ?? Number.POSITIVE_INFINITY) <= MAX_DRAINED_BYTES;

/** For refusals before the service is known. */
function guessProtocol({ headers }: IncomingMessage): Protocol {
  if (headers['x-amz-target'] !== undefined) return 'json';
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? 'query' : 'rest-xml';
}

function signalOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
