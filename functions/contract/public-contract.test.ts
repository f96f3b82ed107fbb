import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import document from '../openapi.json' with { type: 'json' };
import { publicContract } from './public-contract.ts';

const contract = suite('publicContract');

contract('shows every public route and neither the internal ones nor settings of API Gateway', () => {
  const shown = publicContract(document) as { paths: Record<string, unknown> };
  const routes = Object.keys(shown.paths);
  assert.ok(routes.includes('/v1/sessions'));
  assert.is(
    routes.length,
    Object.keys(document.paths).filter((path) => !path.startsWith('/internal/')).length,
  );
  assert.not.match(JSON.stringify(shown), 'x-amazon-');
  assert.not.match(JSON.stringify(shown), '/internal/');
  assert.not.match(JSON.stringify(shown), 'container-api');
});

contract.run();
