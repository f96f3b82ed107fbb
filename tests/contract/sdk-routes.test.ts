/** Every route that Browserbase's SDK calls is in our contract: built, or known as one that is not. */
import { globSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

/** Routes of these are answered with a 501 by their name. */
const NOT_BUILT = /^\/v1\/(?:agents|functions|search|secrets)\b/;

interface Operation {
  readonly 'x-wallcrawler-function'?: string;
}
const { paths } = JSON.parse(
  readFileSync(new URL('../../functions/openapi.json', import.meta.url), 'utf8'),
) as { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };

const RESOURCES = new URL('../../node_modules/@browserbasehq/sdk/resources', import.meta.url).pathname;
const CALL = /this\._client\.(get|post|put|patch|delete)\((['`])(\/v1\/.*?)\2/g;

const routes = globSync('**/*.js', { cwd: RESOURCES }).flatMap((file) =>
  [...readFileSync(`${RESOURCES}/${file}`, 'utf8').matchAll(CALL)].map(([, method = '', , path = '']) => ({
    method,
    // `/v1/sessions/${id}` of a template.
    path: path.replace(/\$\{[^}]+\}/g, '{id}'),
  })),
);

const ourOperation = (method: string, path: string): Operation | undefined => {
  const found = Object.entries(paths).find(([ours]) => ours.replace(/\{[^}]+\}/g, '{id}') === path);
  return found?.[1][method];
};

const t = suite('the routes of the SDK');

t('are all known', () => {
  assert.ok(routes.length >= 50, `${routes.length}`);
  assert.equal(
    routes.filter(({ method, path }) => ourOperation(method, path) === undefined),
    [],
  );
});

t('are built, but for those that are named here', () => {
  const notBuilt = routes
    .filter(
      ({ method, path }) => ourOperation(method, path)?.['x-wallcrawler-function'] === 'answer-not-built',
    )
    .map(({ path }) => path);
  assert.equal(
    notBuilt.filter((path) => !NOT_BUILT.test(path)),
    [],
  );
  for (const { path } of routes.filter((route) => NOT_BUILT.test(route.path)))
    assert.ok(notBuilt.includes(path), `${path} is built: it goes from the list`);
});

t.run();
