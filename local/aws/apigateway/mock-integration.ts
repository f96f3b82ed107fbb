/** Answers of a mock integration: no function behind it, everything is in the OpenAPI document. */
import type { ServerResponse } from 'node:http';
import { GatewayError } from './gateway-responses.ts';
import type { Integration, MockResponse } from './openapi.ts';

const JSON_TYPE = 'application/json';

/** The request template of a mock integration says which response is meant. */
function chooseResponse({ requestTemplates, responses = {} }: Integration): MockResponse | undefined {
  const { statusCode } = JSON.parse(requestTemplates?.[JSON_TYPE] ?? '{}') as { statusCode?: number };
  const chosen = Object.values(responses).find((response) => Number(response.statusCode) === statusCode);
  return chosen ?? responses.default;
}

export function sendMockResponse(response: ServerResponse, integration: Integration): void {
  const mock = chooseResponse(integration);
  if (mock === undefined) throw new GatewayError('DEFAULT_5XX');
  const body = mock.responseTemplates?.[JSON_TYPE] ?? '';
  response.writeHead(Number(mock.statusCode), {
    'content-type': JSON_TYPE,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
