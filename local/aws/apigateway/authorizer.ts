/** The REQUEST authorizer of the API, with API Gateway's cache of its answers. */
import * as z from 'zod';
import { decide } from '../iam/decide.ts';
import { FunctionError } from '../lambda/errors.ts';
import { GatewayError } from './gateway-responses.ts';
import { API_ID, type AuthorizerContext, type ProxyEventHead, STAGE } from './proxy-event.ts';
import type { OpenApi } from './routes.ts';
import type { Headers } from './viewer-request.ts';

const HEADER_SOURCE = 'method.request.header.';
const MAX_CACHED = 10_000;
// What API Gateway keeps an answer for unless the API says otherwise.
const DEFAULT_TTL_SECONDS = 300;
/** The function that answers; Terraform names it in the authorizer's URI. */
const AUTHORIZER_FUNCTION = 'authorizer';
// The one error text that API Gateway takes for "no" instead of for a failure.
const UNAUTHORIZED = 'Unauthorized';

const TEXTS = z.union([z.string(), z.array(z.string())]).transform((one) => [one].flat());

/** What API Gateway takes for an answer; a context holds no lists or objects. */
const ANSWER = z.object({
  principalId: z.string(),
  policyDocument: z.object({
    Statement: z.array(z.object({ Effect: z.enum(['Allow', 'Deny']), Action: TEXTS, Resource: TEXTS })),
  }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});

type AuthorizerAnswer = z.infer<typeof ANSWER>;

export interface AuthorizerOptions {
  readonly document: OpenApi;
  readonly region: string;
  readonly accountId: string;
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  readonly now: () => number;
}

/** Resolves with the context of an allowed request; rejects with the GatewayError of any other. */
export type Authorize = (head: ProxyEventHead, headers: Headers) => Promise<AuthorizerContext>;

export function createAuthorizer({ document, region, accountId, invoke, now }: AuthorizerOptions): Authorize {
  const { identityHeaders, ttlMs } = readSettings(document);
  const cache = new Map<string, { readonly answer: AuthorizerAnswer; readonly untilMs: number }>();
  const asking = new Map<string, Promise<AuthorizerAnswer>>();

  async function ask(event: unknown): Promise<AuthorizerAnswer> {
    try {
      return ANSWER.parse(await invoke(AUTHORIZER_FUNCTION, event));
    } catch (cause) {
      const isRefusal = cause instanceof FunctionError && cause.errorMessage === UNAUTHORIZED;
      throw new GatewayError(isRefusal ? 'UNAUTHORIZED' : 'AUTHORIZER_FAILURE', { cause });
    }
  }

  /** Of a burst with one key the first asks for all. API Gateway promises no such thing, and has a thousand environments. */
  function askOnce(key: string, event: unknown): Promise<AuthorizerAnswer> {
    const underWay = asking.get(key);
    if (underWay !== undefined) return underWay;
    const answer = ask(event).finally(() => asking.delete(key));
    asking.set(key, answer);
    return answer;
  }

  function remember(key: string, answer: AuthorizerAnswer): void {
    const [oldest] = cache.keys();
    if (cache.size >= MAX_CACHED && oldest !== undefined) cache.delete(oldest);
    cache.set(key, { answer, untilMs: now() + ttlMs });
  }

  async function answerFor(event: unknown, headers: Headers): Promise<AuthorizerAnswer> {
    if (ttlMs === 0) return ask(event);
    const identity = identityHeaders.map((name) => headers[name] ?? '');
    // A request that lacks an identity source has no key to cache an answer under: refused without asking.
    if (identity.includes('')) throw new GatewayError('UNAUTHORIZED');
    const key = JSON.stringify(identity);
    const cached = cache.get(key);
    if (cached !== undefined && cached.untilMs > now()) return cached.answer;
    cache.delete(key);
    const answer = await askOnce(key, event);
    remember(key, answer);
    return answer;
  }

  return async (head, headers) => {
    const stageArn = `arn:aws:execute-api:${region}:${accountId}:${API_ID}/${STAGE}`;
    const methodArn = `${stageArn}/${head.httpMethod}${head.path}`;
    const answer = await answerFor({ type: 'REQUEST', methodArn, ...head }, headers);
    const request = { action: 'execute-api:Invoke', resource: methodArn };
    const texts = Object.entries(answer.context).map(([name, value]) => [name, String(value)]);
    const context = Object.fromEntries(texts) as Readonly<Record<string, string>>;
    if (decide(answer.policyDocument.Statement, request).effect !== 'allowed')
      throw new GatewayError('ACCESS_DENIED', { context });
    return { ...context, principalId: answer.principalId, integrationLatency: 0 };
  };
}

function readSettings(document: OpenApi): { identityHeaders: string[]; ttlMs: number } {
  const schemes = Object.values(document.components?.securitySchemes ?? {});
  const settings = schemes
    .map((scheme) => scheme['x-amazon-apigateway-authorizer'])
    .find((found) => found !== undefined);
  const sources = (settings?.identitySource ?? '').split(',').map((source) => source.trim());
  return {
    identityHeaders: sources
      .filter((source) => source.startsWith(HEADER_SOURCE))
      .map((source) => source.slice(HEADER_SOURCE.length).toLowerCase()),
    ttlMs: (settings?.authorizerResultTtlInSeconds ?? DEFAULT_TTL_SECONDS) * 1000,
  };
}
