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

/** All that is referred to in `value`, as `schemas/Session`. */
const referencesIn = (value: unknown): Set<string> =>
  new Set([...JSON.stringify(value).matchAll(/"#\/components\/(\w+\/\w+)"/g)].map(([, name = '']) => name));

contract('refers to nothing that it does not hold', () => {
  const shown = publicContract(document) as typeof document;
  const components = shown.components as Record<string, Record<string, unknown>>;
  const references = referencesIn(shown);
  assert.ok(references.size > 20);
  for (const name of references) {
    const [kind = '', key = ''] = name.split('/');
    assert.ok(components[kind]?.[key], name);
  }
});

contract(
  'holds no part that only containers use: neither their bodies, nor their answers, nor their key',
  () => {
    const { components } = publicContract(document) as typeof document;
    const names = Object.values(components).flatMap((items) => Object.keys(items));
    assert.equal(
      names.filter((name) => /Report|Container|ProfileUrl|HasEnded|controllerToken/.test(name)),
      [],
    );
    assert.equal(Object.keys(components.securitySchemes), ['apiKey']);
    assert.ok(names.includes('ExternalProxy'), 'and all that a mapping names');
  },
);

contract('is the document itself but for that, which stays as it was', () => {
  const before = JSON.stringify(document);
  const shown = publicContract(document) as typeof document;
  assert.is(JSON.stringify(document), before);
  assert.equal([shown.openapi, shown.info], [document.openapi, document.info]);
  assert.equal(shown.components.schemas.Session, document.components.schemas.Session);
  assert.not(shown.tags.some(({ name }) => name === 'container-api'));
});

contract('does not go round in a circle with a schema that names itself', () => {
  const tree = { properties: { left: { $ref: '#/components/schemas/Tree' } } };
  const shown = publicContract({
    paths: { '/v1/tree': { get: { schema: { $ref: '#/components/schemas/Tree' } } }, '/internal/x': {} },
    components: { schemas: { Tree: tree, Other: {} } },
  });
  assert.equal((shown as { components: object }).components, { schemas: { Tree: tree } });
});

contract.run();
