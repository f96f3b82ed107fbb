import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { Logger } from '../../core/log/logger.ts';
import type { Decision, IdentityHeaders } from './authorize.ts';
import { toPolicy } from './policy.ts';

export interface HandlerDeps {
  readonly logger: Logger;
  readonly authorize: (headers: IdentityHeaders) => Promise<Decision>;
}

/**
 * API Gateway's REQUEST authorizer. To the outside there are two refusals: the exact text `Unauthorized` becomes 401,
 * a Deny policy becomes 403. A failure of ours is thrown as it is and becomes 500: it is never cached, never an Allow.
 */
export const createHandler =
  ({ logger, authorize }: HandlerDeps) =>
  async (event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    const decision = await authorize(lowerCaseNames(event.headers ?? {}));
    const requestId = event.requestContext.requestId;
    if (decision.kind === 'unauthorized') {
      logger.info('refused: no usable key', { requestId });
      throw new Error('Unauthorized');
    }
    if (decision.kind === 'deny') {
      logger.info('refused: project not opened by the key', { requestId });
      return toPolicy('Deny', event.methodArn, 'denied');
    }
    return toPolicy('Allow', event.methodArn, decision.keyName, decision.access);
  };

const lowerCaseNames = (headers: Record<string, string | undefined>): IdentityHeaders =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
