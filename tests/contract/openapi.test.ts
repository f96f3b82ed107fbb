import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readInfrastructure } from '../../local/start/infrastructure.ts';

const root = new URL('../../', import.meta.url);
const contract = JSON.parse(readFileSync(new URL('functions/openapi.json', root), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, Record<string, unknown>> };
};

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly 'x-wallcrawler-function'?: string;
  readonly security: readonly Record<string, unknown>[];
  readonly responses: Record<string, unknown>;
  readonly 'x-amazon-apigateway-integration'?: { type: string; responseTransferMode?: string };
}

const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const toKebab = (id: string) => id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const lambdas = readdirSync(new URL('functions/', root), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.lambda.ts'))
  .map((path) => path.split('/').at(-1)?.replace('.lambda.ts', '') ?? '');

const routes = suite('openapi.json');

routes('every operation has a function of its name, or answers by itself', () => {
  for (const { operation } of operations) {
    const integration = operation['x-amazon-apigateway-integration'];
    if (integration?.type === 'mock') continue;
    const name = operation['x-wallcrawler-function'] ?? toKebab(operation.operationId);
    assert.ok(lambdas.includes(name), operation.operationId);
  }
});

routes('every function is deployed, and nothing is deployed that is no function', () => {
  assert.equal(Object.keys(readInfrastructure().functions).sort(), [...lambdas].sort());
});

routes('what is not built is answered by the one function that says so, and nothing else is', () => {
  for (const { operation } of operations) {
    const notBuilt = operation['x-wallcrawler-function'] === 'answer-not-built';
    assert.equal(operation.tags.includes('not-built'), notBuilt, operation.operationId);
    assert.equal('501' in operation.responses && !('201' in operation.responses), notBuilt);
  }
});

routes(
  'every function behind an API key stands in the one HTTP stack, which says 403 for a foreign project',
  () => {
    const sources = readdirSync(new URL('functions/', root), { recursive: true, encoding: 'utf8' });
    for (const path of sources.filter((each) => each.endsWith('.lambda.ts'))) {
      const name = path.split('/').at(-1)?.replace('.lambda.ts', '');
      const answers = operations.some(
        ({ operation }) =>
          (operation['x-wallcrawler-function'] ?? toKebab(operation.operationId)) === name &&
          operation.security.some((scheme) => 'apiKey' in scheme),
      );
      if (answers)
        assert.match(
          readFileSync(new URL(`functions/${path}`, root), 'utf8'),
          /from '.*core\/http\/api\.ts'/,
          path,
        );
    }
  },
);

routes('every public operation asks for an API key, every internal one for a container token', () => {
  const open = ['health', 'serveContract'];
  for (const { path, operation } of operations) {
    // The token in the path is the key of a replay.
    const wanted =
      open.includes(operation.operationId) || path.startsWith('/replay/{token}')
        ? []
        : [path.startsWith('/internal/') ? { controllerToken: [] } : { apiKey: [] }];
    assert.equal(operation.security, wanted, operation.operationId);
  }
});

routes('the authorizer is keyed by every header it reads', () => {
  const authorizer = contract.components.securitySchemes.apiKey?.['x-amazon-apigateway-authorizer'] as {
    identitySource: string;
  };
  for (const header of ['x-bb-api-key', 'x-wc-api-key', 'x-bb-project-id', 'x-wc-project-id']) {
    assert.match(authorizer.identitySource, `method.request.header.${header}`);
  }
});

routes('the create of a session streams, because its wait is longer than API Gateway buffers', () => {
  const create = contract.paths['/v1/sessions']?.post?.['x-amazon-apigateway-integration'];
  assert.is(create?.responseTransferMode, 'STREAM');
});

routes('every operation names its failures', () => {
  for (const { operation } of operations) {
    if (['health', 'serveContract'].includes(operation.operationId)) continue;
    for (const status of ['401', '403', '429', '500', '504']) {
      assert.ok(status in operation.responses, `${operation.operationId} ${status}`);
    }
  }
});

routes('the examples that the README names exist', () => {
  const readme = readFileSync(new URL('README.md', root), 'utf8');
  const named = [...readme.matchAll(/\((examples\/[\w-]+\.mjs)\)/g)].map(([, path]) => path ?? '');
  assert.ok(named.length >= 4);
  for (const path of named) assert.ok(existsSync(new URL(path, root)), path);
});

routes.run();
