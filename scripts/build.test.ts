import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const SCRIPT = join(import.meta.dirname, 'build.mjs');

const OPENAPI = {
  openapi: '3.0.1',
  paths: {
    '/things/{id}': {
      parameters: [{ $ref: '#/components/parameters/Id' }],
      post: {
        operationId: 'updateThing',
        parameters: [
          { name: 'status', in: 'query', schema: { type: 'string', enum: ['ON', 'OFF'] } },
          { name: 'count', in: 'query', schema: { type: 'integer', maximum: 5 } },
        ],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
      },
    },
    '/orders': {
      post: {
        operationId: 'createOrder',
        requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
      },
    },
  },
  components: {
    parameters: {
      Id: { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
    },
    schemas: {
      Thing: {
        type: 'object',
        properties: {
          timeout: { type: 'integer', maximum: 21600, example: 60 },
          inner: { $ref: '#/components/schemas/Inner' },
        },
      },
      Inner: {
        type: 'object',
        properties: { width: { type: 'integer', nullable: true } },
        'x-internal': true,
      },
    },
  },
};

const FILES = {
  'functions/openapi.json': JSON.stringify(OPENAPI),
  'functions/things/update-thing.ts': `export const name: string = 'update-thing';\n`,
  'functions/things/update-thing.lambda.ts': `import validate from 'contract:updateThing';
import { name } from './update-thing.ts';
export { validate };
export const handler = async () => name;\n`,
  'functions/orders/create-order.lambda.ts': `import validate from 'contract:createOrder';
export { validate };
export const handler = async () => 1;\n`,
  'controller/index.ts': `console.log('controller');\n`,
  'router/index.ts': `console.log('router');\n`,
};

function makeTree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'build-'));
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), source);
  }
  return root;
}

const build = (root: string, ...args: string[]) =>
  spawnSync(process.execPath, [SCRIPT, ...args], { cwd: root, encoding: 'utf8' });

interface Fault {
  readonly instancePath: string;
  readonly message: string;
}
type Validate = { (event: unknown): boolean; errors: readonly Fault[] | null };

const root = makeTree(FILES);
const otherRoot = makeTree(FILES);
const { stdout } = build(root);

const t = suite('build');
t.after(() => {
  rmSync(root, { recursive: true, force: true });
});

t(
  'makes a bundle that runs, a source map and a zip of each function, and bundles of controller and router',
  async () => {
    const require = createRequire(import.meta.url);
    assert.is(await require(`${root}/dist/update-thing/index.js`).handler(), 'update-thing');
    assert.ok(existsSync(`${root}/dist/update-thing/index.js.map`));
    const zip = unzipSync(readFileSync(`${root}/dist/update-thing.zip`));
    assert.equal(Object.keys(zip), ['index.js', 'package.json']);
    assert.equal(Buffer.from(zip['index.js'] ?? []), readFileSync(`${root}/dist/update-thing/index.js`));
    for (const name of ['controller', 'router']) {
      assert.ok(existsSync(`${root}/dist/${name}/index.js`));
      assert.not(existsSync(`${root}/dist/${name}.zip`));
    }
    assert.match(stdout, /^update-thing +\d+\.\d +\d+\.\d$/m);
    assert.match(stdout, /^total +\d+\.\d +\d+\.\d$/m);
  },
);

t('writes the metafile of each bundle', () => {
  const { inputs } = JSON.parse(readFileSync(`${root}/dist/meta/update-thing.json`, 'utf8'));
  assert.ok(Object.hasOwn(inputs, 'functions/things/update-thing.ts'));
  assert.not(Object.hasOwn(inputs, 'functions/orders/create-order.lambda.ts'));
});

t('makes the same zips again, whenever and wherever it runs', () => {
  const zip = (folder: string) => readFileSync(`${folder}/dist/update-thing.zip`);
  const before = zip(root);
  for (const path of Object.keys(FILES)) utimesSync(`${root}/${path}`, 1, 1);
  rmSync(`${root}/dist`, { recursive: true });
  const env = { ...process.env, TZ: 'Asia/Tokyo' };
  spawnSync(process.execPath, [SCRIPT], { cwd: root, env });
  assert.ok(before.equals(zip(root)));
  build(otherRoot);
  assert.ok(before.equals(zip(otherRoot)));
});

t('removes what no longer belongs to dist', () => {
  mkdirSync(`${root}/dist/old-function`);
  writeFileSync(`${root}/dist/old-function/index.js`, '');
  writeFileSync(`${root}/dist/old-function.zip`, '');
  build(root);
  assert.not(existsSync(`${root}/dist/old-function`));
  assert.not(existsSync(`${root}/dist/old-function.zip`));
  assert.ok(existsSync(`${root}/dist/update-thing/index.js`));
});

t('prints one line with --quiet', () => {
  assert.match(build(root, '--quiet').stdout, /^built 4 bundles in [\d.]+ s\n$/);
});

t('fails on two functions of one name, and on an operation that the contract lacks', () => {
  const twice = makeTree({
    ...FILES,
    'functions/other/create-order.lambda.ts': 'export const handler = 1;\n',
  });
  const unknown = makeTree({
    'functions/a/b.lambda.ts': `import v from 'contract:nothing';\nvoid v;\n`,
    ...FILES,
  });
  try {
    const first = build(twice);
    assert.is(first.status, 1);
    assert.match(first.stderr, 'Two functions are called create-order');
    const second = build(unknown);
    assert.is(second.status, 1);
    assert.match(second.stderr, 'has no operation nothing');
  } finally {
    rmSync(twice, { recursive: true });
    rmSync(unknown, { recursive: true });
  }
});

t('stops at a Terraform that it cannot read, with one sentence about it', () => {
  const platform = 'terraform/modules/platform/main.tf';
  const broken = makeTree({ ...FILES, [platform]: 'resource "aws_sqs_queue" "main" {\n  name = =\n}\n' });
  try {
    const { status, stderr } = build(broken);
    assert.is(status, 1);
    assert.is(stderr, `${platform}:2: this is no Terraform\n`);
  } finally {
    rmSync(broken, { recursive: true });
  }
});

t.run();

// ---

const contract = suite('contract validators');
contract.after(() => {
  rmSync(otherRoot, { recursive: true, force: true });
});
const load = (name: string): Validate =>
  createRequire(import.meta.url)(`${otherRoot}/dist/${name}/index.js`).validate;
const ID = '5b7a2c9e-8f0a-4a6e-9d0a-3c1c9a1d2e3f';
const event = (parts: object) => ({
  body: null,
  queryStringParameters: null,
  pathParameters: { id: ID },
  ...parts,
});

const FAULTS: readonly (readonly [name: string, parts: object, fault: string])[] = [
  ['a number over its maximum', { body: { timeout: 21601 } }, '/body/timeout must be <= 21600'],
  ['text for a number in the body', { body: { timeout: '60' } }, '/body/timeout must be integer'],
  ['a fault behind a reference', { body: { inner: { width: 'a' } } }, '/body/inner/width must be integer'],
  ['a body of another type', { body: [] }, '/body must be object'],
  [
    'a value that is not on the list',
    { queryStringParameters: { status: 'x' } },
    '/queryStringParameters/status must be equal to one of the allowed values',
  ],
  [
    'a number in the query',
    { queryStringParameters: { count: '6' } },
    '/queryStringParameters/count must be <= 5',
  ],
  ...['0x2', '1e0', ' 2', '2.0', '+2', 'two', ''].map(
    (count) =>
      [
        `"${count}" as no whole number`,
        { queryStringParameters: { count } },
        '/queryStringParameters/count must be integer',
      ] as const,
  ),
  ['a path parameter', { pathParameters: { id: 'x' } }, '/pathParameters/id must match format "uuid"'],
  ['a missing path parameter', { pathParameters: null }, "/pathParameters must have required property 'id'"],
];
for (const [name, parts, fault] of FAULTS) {
  contract(`names ${name}`, () => {
    const validate = load('update-thing');
    assert.is(validate(event(parts)), false);
    assert.is(validate.errors?.map((error) => `${error.instancePath} ${error.message}`).join(), fault);
  });
}

contract('accept what fits, unknown fields included, and forget earlier faults', () => {
  const validate = load('update-thing');
  assert.not(validate(event({ body: 1 })));
  assert.ok(validate(event({ body: { timeout: 60, inner: { width: null }, unknown: 1 } })));
  assert.is(validate.errors, null);
});

contract('turn text of the query into numbers', () => {
  const sent = event({ queryStringParameters: { count: '5', status: 'ON', unknown: 'x' } });
  assert.ok(load('update-thing')(sent));
  assert.equal(sent.queryStringParameters, { count: 5, status: 'ON', unknown: 'x' });
});

contract('let a body be absent only where it is optional', () => {
  assert.ok(load('update-thing')(event({ body: null })));
  assert.not(load('create-order')({ body: null }));
  assert.ok(load('create-order')({ body: {} }));
});

contract.run();
