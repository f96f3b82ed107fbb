import type { APIGatewayAuthorizerResult } from 'aws-lambda';

/**
 * The policy covers the whole stage, not the one route that was asked for: API Gateway caches it under the identity
 * headers and applies it to every other route that the same client calls.
 */
export function toPolicy(
  effect: 'Allow' | 'Deny',
  methodArn: string,
  principalId: string,
  context: Readonly<Record<string, string>>,
): APIGatewayAuthorizerResult {
  const [api = '', stage = ''] = methodArn.split('/');
  return {
    principalId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: `${api}/${stage}/*` }],
    },
    context,
  };
}
