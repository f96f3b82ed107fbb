import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
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
  /** What a browser asks before a page's request, without a signature: whether that may be sent. */
  preflight?(path: string, headers: IncomingMessage['headers'], response: ServerResponse): void;
}

const LOOPBACK_HOST = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?$/i;
// Longer than any SDK keeps an idle connection, so that it is the client who closes and no request meets a closed one.
const KEEP_ALIVE_MS = 75_000;
const MAX_REQUEST_MS = 15 * 60_000;

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
  return {
    endpoint: `http://${host}:${port}`,
    close,
    /** For requests that came by another port than this one: S3 alone, by URLs that were presigned for `publicUrl`. */
    storage: (publicUrl: string): RequestListener => {
      const publicPlace = new URL(publicUrl);
      return (request, response) => void answer(request, response, options, publicPlace);
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
  publicPlace?: URL,
): Promise<void> {
  const requestId = randomUUID();
  let protocol = guessProtocol(request);
  response.setHeader('x-amzn-requestid', requestId);
  response.setHeader('x-amz-request-id', requestId);
  try {
    const head = publicPlace === undefined ? readHead(request) : readPublicHead(request, publicPlace);
    const { s3 } = options.services;
    if (head.method === 'OPTIONS' && s3?.preflight !== undefined) {
      s3.preflight(head.path.slice(publicPlace?.pathname.length ?? 0), head.headers, response);
      return;
    }
    const verified = await verify(head, options);
    if (publicPlace !== undefined && verified.service !== 's3') throw notPublic();
    const service = Object.hasOwn(options.services, verified.service) && options.services[verified.service];
    if (!service)
      throw new AwsError('UnknownOperationException', `No service ${verified.service} on this machine`);
    protocol = service.protocol;
    const authorize = createAuthorize(verified, options);
    const gone = signalOf(response);
    const path = head.path.slice(publicPlace?.pathname.length ?? 0);
    await service.handle({ ...head, path, ...verified, requestId, request, response, gone, authorize });
  } catch (error) {
    const refused = toAwsError(error, protocol);
    if (refused.status >= 500 && !response.destroyed)
      options.logger.error('An AWS call failed', { requestId, error });
    sendError(response, refused, protocol, requestId);
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
  return headOf(request);
}

const notPublic = () => new AwsError('AccessDenied', 'Only presigned URLs are served here', { status: 403 });

/**
 * A URL is signed for the host and the path that clients know. What stands between may have changed both: it asks by a name
 * of its own, and leaves out the part of the path that brought the request to this machine.
 */
function readPublicHead(request: IncomingMessage, { host, pathname }: URL): RequestHead {
  const head = headOf(request);
  if (!head.query.has('X-Amz-Signature')) throw notPublic();
  const ownPath = pathname.slice(pathname.lastIndexOf('/'));
  const path = `${pathname}${head.path.slice(ownPath.length)}`;
  return { ...head, path, headers: { ...head.headers, host } };
}

function headOf({ method = 'GET', url = '/', headers }: IncomingMessage): RequestHead {
  const [path = '/', ...query] = url.split('?');
  return { method, path, query: new URLSearchParams(query.join('?')), headers };
}

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
