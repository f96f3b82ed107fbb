import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GATEWAY_RESPONSES, type GatewayResponseType, gatewayBody } from './gateway-responses.ts';

const TERRAFORM = new URL('../../../terraform/modules/rest-api/gateway-responses.tf', import.meta.url);

/** What Terraform declares, by name. */
const declared = new Map(
  [...readFileSync(TERRAFORM, 'utf8').matchAll(/^\s+([A-Z0-9_]+)\s+= (\[\d.*\])$/gm)].map(
    ([, name, list]) => [name, JSON.parse(list ?? '') as unknown],
  ),
);

const t = suite('gateway responses');

t('are those that Terraform declares, word for word', () => {
  assert.ok(declared.size > 10);
  for (const [name, answer] of Object.entries(GATEWAY_RESPONSES)) {
    assert.equal(declared.get(name), [...answer], name);
  }
});

t('have the body of every other error', () => {
  for (const type of Object.keys(GATEWAY_RESPONSES) as GatewayResponseType[]) {
    const [statusCode, error, message] = GATEWAY_RESPONSES[type];
    const answer = gatewayBody(type, { message: 'Why' });
    assert.is(answer.statusCode, statusCode);
    assert.equal(JSON.parse(answer.body), {
      statusCode,
      error,
      message: message.replace('$context.authorizer.message', 'Why'),
    });
  }
});

t('that are no fault of the client say what failed, and whether to try again', () => {
  const own = Object.values(GATEWAY_RESPONSES).filter(([status]) => status >= 500);
  assert.equal(
    own.map(([status]) => status),
    [500, 500, 502, 504],
  );
  for (const [, , message] of own) assert.match(message, /^The API .+(: try again|in time)$/);
});

t.run();
