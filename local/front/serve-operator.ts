/** What an operator asks the machine: its metrics, as Prometheus reads them, and how full it is, as browserless says it. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import type { Metrics } from '../../core/server/metrics.ts';
import { isAskedFromHere } from '../../core/server/peers.ts';
import { refuseRequest } from '../../core/server/refusal.ts';
import { hashApiKey } from '../../core/tokens/api-key-text.ts';
import { isLoopbackName } from './addresses.ts';

const PATH = /^\/(metrics|pressure)(?:\?|$)/;
const UNAUTHORIZED = {
  status: 401,
  message:
    'Ask from this machine itself, by 127.0.0.1 or localhost, or with the API key of this machine in X-BB-API-Key or as Authorization: Bearer',
};
const FAILED = { status: 503, message: 'The machine cannot say how full it is: see logs/machine.log' };

export interface OperatorDeps {
  readonly apiKey: string;
  /** Then nobody is believed to be on this machine: what stands in front of it is. */
  readonly servesOthers: boolean;
  readonly metrics: Metrics;
  /** What others count, as text: the router, and how the warm pool is. */
  readonly moreMetrics: () => Promise<string>;
  /** Sessions with a browser, and those that wait for theirs. */
  readonly load: () => { readonly running: number; readonly queued: number };
  /** How many sessions all projects together may have. */
  readonly limit: () => Promise<number>;
  readonly now: () => Date;
  readonly onFault: (error: unknown) => void;
}

export const isForOperator = (target: string): boolean => PATH.test(target);

export async function serveOperator(
  request: IncomingMessage,
  response: ServerResponse,
  deps: OperatorDeps,
): Promise<void> {
  if (!isOperator(request, deps)) return refuse(response, UNAUTHORIZED);
  try {
    const isMetrics = request.url?.startsWith('/metrics');
    const [type, body] = isMetrics
      ? ['text/plain; version=0.0.4', `${deps.metrics.render()}${await deps.moreMetrics()}`]
      : ['application/json', JSON.stringify({ pressure: await pressureOf(deps) })];
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  } catch (error) {
    deps.onFault(error);
    refuse(response, FAILED);
  }
}

function refuse(response: ServerResponse, refusal: typeof FAILED): void {
  refuseRequest(response, refusal);
}

/** A page whose own name leads to this machine says nothing of itself but that name. */
function isOperator(request: IncomingMessage, { apiKey, servesOthers }: OperatorDeps): boolean {
  const { headers } = request;
  const given = headers['x-bb-api-key'] ?? headers['x-wc-api-key'] ?? bearerOf(headers.authorization);
  if (typeof given === 'string') return isSame(given, apiKey);
  const name = URL.parse(`http://${headers.host ?? ''}`)?.hostname ?? '';
  return !servesOthers && isLoopbackName(name) && isAskedFromHere(request);
}

const bearerOf = (header: string | undefined): string | undefined =>
  /^Bearer (\S+)$/i.exec(header ?? '')?.[1];

const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(hashApiKey(one)), Buffer.from(hashApiKey(other)));

const percent = (part: number): number => Math.min(100, Math.round(part * 100));

/** browserless's words for it, so that what watches one watches the other; nothing waits here for a slot. */
async function pressureOf({ load, limit, now }: OperatorDeps): Promise<object> {
  const { running, queued } = load();
  const maxConcurrent = await limit();
  const isAvailable = running + queued < maxConcurrent;
  return {
    date: now().getTime(),
    running,
    queued,
    maxConcurrent,
    isAvailable,
    reason: isAvailable ? '' : 'full',
    cpu: percent((loadavg()[0] ?? 0) / availableParallelism()),
    memory: percent(1 - freemem() / totalmem()),
  };
}
