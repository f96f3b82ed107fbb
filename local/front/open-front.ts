/** The one port: it is taken before anything else is started, and says so until all of it is there. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { refuseOnSocket, refuseRequest } from '../../core/server/refusal.ts';
import { listenToClients } from '../aws/apigateway/http-listener.ts';
import { forwardToRouter } from './forward-to-router.ts';
import { handOver } from './hand-over.ts';
import { partOf } from './part-of.ts';
import type { RouterDoor } from './router-door.ts';
import { isForOperator, type OperatorDeps, serveOperator } from './serve-operator.ts';

const STARTING = {
  status: 503,
  message: 'The machine is starting: try again',
  headers: { 'retry-after': '1' },
};
const NO_ROUTER = {
  status: 404,
  message: 'WALLCRAWLER_ROUTER is 0: each browser has a port of its own, which its connectUrl names',
};

/** What stands behind it. */
export interface Parts {
  readonly api: RequestListener;
  readonly storage: RequestListener;
  readonly operator: OperatorDeps;
  /** undefined: browsers are reached directly. */
  readonly router: RouterDoor | undefined;
  /** What clients call it, when that is not as they ask for it. */
  readonly publicUrl?: string | undefined;
}

export type Front = Awaited<ReturnType<typeof openFront>>;

export async function openFront(where: { readonly host: string; readonly port: number }) {
  let parts: Parts | undefined;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const part = partOf(request.url ?? '/');
    if (parts === undefined) refuseRequest(response, STARTING);
    else if (isForOperator(request.url ?? '/')) void serveOperator(request, response, parts.operator);
    else if (part !== 'router') parts[part](request, response);
    else if (parts.router === undefined) refuseRequest(response, NO_ROUTER);
    else void forwardToRouter(request, response, { router: parts.router, publicUrl: parts.publicUrl });
  };
  const onUpgrade = (request: IncomingMessage, client: Duplex, head: Buffer): void => {
    if (parts?.router !== undefined) handOver(request, client as Socket, head, parts.router);
    else refuseOnSocket(client, parts === undefined ? STARTING : NO_ROUTER);
  };
  const { port, close } = await listenToClients({ ...where, onRequest, onUpgrade });
  return {
    port,
    close,
    serve(behind: Parts): void {
      parts = behind;
    },
  };
}
