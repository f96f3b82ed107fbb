import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { Logger } from '../../core/log/logger.ts';
import type { Decision, IdentityHeaders } from './authorize.ts';
import { KEY_REFUSALS } from './key-refusals.ts';
import { toPolicy } from './policy.ts';

// Room for two ids of projects, and not for all that fits into a header.
const MAX_NAMED_CHARACTERS = 100;

export interface HandlerDeps {
  readonly logger: Logger;
  readonly authorize: (headers: IdentityHeaders) => Promise<Decision>;
}

/**
 * API Gateway's REQUEST authorizer. A Deny becomes the 401 of gateway-responses.tf, with the message of its context: what is
 * thrown could carry none. A good key for a project that it does not open passes with no project at all, and the function
 * says 403 (core/http/api.ts). A failure of ours is thrown as it is and becomes 500: it is never cached, never an Allow.
 */
export const createHandler =
  ({ logger, authorize }: HandlerDeps) =>
  async (event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    const decision = await authorize(lowerCaseNames(event.headers ?? {}));
    const requestId = event.requestContext.requestId;
    if (decision.kind === 'unauthorized') {
      const { refusal } = decision;
      logger.info('refused: no usable key', { requestId, refusal });
      return toPolicy('Deny', event.methodArn, 'denied', { message: KEY_REFUSALS[refusal] });
    }
    if (decision.kind === 'forbidden') {
      logger.info('refused: project not opened by the key', { requestId });
      const forbiddenProject = decision.named.slice(0, MAX_NAMED_CHARACTERS);
      return toPolicy('Allow', event.methodArn, decision.keyName, { forbiddenProject });
    }
    const { projectId, projectIds } = decision.access;
    return toPolicy('Allow', event.methodArn, decision.keyName, {
      projectId,
      projectIds: projectIds.join(','),
    });
  };

const lowerCaseNames = (headers: Record<string, string | undefined>): IdentityHeaders =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
