import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { importFault } from './import-rules.mjs';

const SCRIPT = join(import.meta.dirname, 'check-imports.mjs');

/** Runs the check on a tree of `files` and returns its exit code and what it complained about. */
function check(files: Record<string, string>): { code: number | null; faults: string } {
  const root = mkdtempSync(join(tmpdir(), 'imports-'));
  try {
    for (const [path, source] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), source);
    }
    const { status, stderr } = spawnSync(process.execPath, [SCRIPT], { cwd: root, encoding: 'utf8' });
    return { code: status, faults: stderr };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const imports = (path: string) => `import { x } from '${path}';\nexport { x };\n`;
const X = 'export const x = 1;\n';

const t = suite('check-imports');

t('lets arrows point leftwards', () => {
  const { code, faults } = check({
    'core/domain/a.ts': X,
    'core/aws/b.ts': imports('../domain/a.ts'),
    'functions/openapi.json': '{}',
    'functions/sessions/c.ts': imports('../../core/aws/b.ts'),
    'functions/sessions/c.lambda.ts': `${imports('./c.ts')}import '../openapi.json';\nvoid process.env.HOME;\n`,
    'controller/index.ts': imports('../core/domain/a.ts'),
    'local/d.ts': imports('../core/aws/b.ts'),
    'tests/e2e/e.test.ts': imports('../../local/d.ts'),
  });
  assert.is(faults, '');
  assert.is(code, 0);
});

const FORBIDDEN: readonly [name: string, path: string, target: string, fault: string][] = [
  ['the domain of an adapter', 'core/domain/a.ts', 'core/aws/b.ts', 'core/domain may not import core/aws'],
  ['core of a function', 'core/http/a.ts', 'functions/s/b.ts', 'core/http may not import functions/s'],
  ['a function of another', 'functions/s/a.ts', 'functions/c/b.ts', 'functions/s may not import functions/c'],
  [
    'a function of the controller',
    'functions/s/a.ts',
    'controller/b.ts',
    'functions/s may not import controller',
  ],
  [
    'the controller of a function',
    'controller/a.ts',
    'functions/s/b.ts',
    'controller may not import functions/s',
  ],
  ['core of local', 'core/aws/a.ts', 'local/b.ts', 'core/aws may not import local'],
  ['local of a function', 'local/a.ts', 'functions/s/b.ts', 'local may not import functions/s'],
  ['anything of a test', 'core/aws/a.ts', 'core/aws/b.test.ts', 'nobody imports a test'],
  [
    'production code of testing/',
    'core/aws/a.ts',
    'core/testing/b.ts',
    'testing/ is for tests and the bench only',
  ],
];
for (const [name, path, target, fault] of FORBIDDEN) {
  t(`refuses knowledge ${name}`, () => {
    const { code, faults } = check({
      [path]: imports(`${'../'.repeat(path.split('/').length - 1)}${target}`),
      [target]: X,
    });
    assert.is(faults, `${path}: ${fault}\n`);
    assert.is(code, 1);
  });
}

// Inside the controller: chrome <- relay, live <- proxy <- lifecycle.
const CONTROLLER: Readonly<Record<string, readonly string[]>> = {
  chrome: ['relay', 'live', 'proxy', 'lifecycle', 'assignment', 'container-api', 'profile'],
  relay: ['live', 'proxy', 'lifecycle', 'assignment', 'container-api', 'profile'],
  live: ['relay', 'proxy', 'lifecycle', 'assignment', 'container-api', 'profile'],
  proxy: ['lifecycle', 'assignment', 'container-api', 'profile'],
  'container-api': ['chrome', 'relay', 'live', 'proxy', 'lifecycle', 'assignment', 'profile'],
  assignment: ['relay', 'live', 'proxy', 'lifecycle', 'profile'],
  profile: ['relay', 'live', 'proxy', 'lifecycle', 'assignment'],
  lifecycle: [],
};
for (const [folder, forbidden] of Object.entries(CONTROLLER)) {
  t(`lets the ${folder} of the controller know what is below it, and nothing else`, () => {
    const others = Object.keys(CONTROLLER).filter((other) => other !== folder);
    const found = others.filter(
      (other) => importFault(`controller/${folder}/a.ts`, `controller/${other}/b.ts`, false) !== undefined,
    );
    assert.equal(found.sort(), [...forbidden].sort());
    assert.is(importFault(`controller/${folder}/a.ts`, 'core/domain/b.ts', false), undefined);
    assert.ok(importFault(`controller/${folder}/a.ts`, 'controller/index.ts', false));
  });
}

t('lets Chrome and the relay know nothing of HTTP, and everybody else of core/server', () => {
  for (const folder of ['chrome', 'relay'])
    assert.is(
      importFault(`controller/${folder}/a.ts`, 'core/server/b.ts', false),
      `controller/${folder} may not import core/server`,
    );
  for (const path of ['controller/proxy/a.ts', 'controller/live/a.ts', 'router/a.ts'])
    assert.is(importFault(path, 'core/server/b.ts', false), undefined);
});

t('refuses a new folder in the controller that no rule names', () => {
  assert.is(
    importFault('controller/agent/a.ts', 'controller/chrome/b.ts', false),
    'controller/agent has no rule in scripts/import-rules.mjs',
  );
});

t('lets local, scripts and tests read the Terraform, and nothing that is deployed', () => {
  const reader = 'terraform/reader/b.ts';
  for (const path of ['local/start/a.ts', 'scripts/a.mjs', 'tests/policy/a.test.ts'])
    assert.is(importFault(path, reader, false), undefined);
  for (const path of [
    'core/aws/a.ts',
    'functions/s/a.ts',
    'controller/index.ts',
    'router/a.ts',
    'apps/admin/a.ts',
  ])
    assert.match(importFault(path, reader, false) ?? '', 'may not import terraform/reader');
  assert.is(importFault(reader, 'local/a.ts', false), 'terraform/reader may not import local');
});

t('lets every app see the typed client only, and admin the tables', () => {
  for (const app of ['console', 'cli', 'mcp', 'another']) {
    assert.is(importFault(`apps/${app}/a.ts`, 'apps/client/b.ts', false), undefined);
    for (const target of ['core/domain/b.ts', 'local/b.ts', 'functions/openapi.json', 'apps/admin/b.ts'])
      assert.match(importFault(`apps/${app}/a.ts`, target, false) ?? '', `apps/${app} may not import`);
  }
  assert.is(importFault('apps/client/a.ts', 'functions/openapi.json', false), undefined);
  assert.is(importFault('apps/admin/a.ts', 'core/aws/keys/b.ts', false), undefined);
  assert.is(importFault('apps/admin/a.ts', 'local/start/b.ts', false), undefined);
  assert.ok(importFault('apps/admin/a.ts', 'apps/client/b.ts', false));
});

t('lets tests use the stand-ins of their own half and of what it may know', () => {
  const testing = 'core/testing/b.ts';
  assert.is(importFault('controller/relay/a.test.ts', 'controller/testing/b.ts', false), undefined);
  assert.is(importFault('local/aws/s3/a.test.ts', testing, false), undefined);
  assert.ok(importFault('core/aws/a.test.ts', 'local/aws/testing/b.ts', false));
});

t('refuses an import of a type only, and an import() as well', () => {
  const { faults } = check({
    'core/http/a.ts': `import type { x } from '../../controller/b.ts';\nexport type Y = typeof x;\n`,
    'core/http/c.ts': `export const y = () => import('../../local/d.ts');\n`,
    'controller/b.ts': X,
    'local/d.ts': X,
  });
  assert.is(
    faults,
    'core/http/a.ts: core/http may not import controller\ncore/http/c.ts: core/http may not import local\n',
  );
});

t('refuses a package in the domain', () => {
  assert.match(
    check({ 'core/domain/a.ts': `import 'ws';\n` }).faults,
    'core/domain imports nothing but itself',
  );
});

t('refuses process.env outside of an entry file, but not in a comment', () => {
  const { faults } = check({
    'core/aws/a.ts': 'export const home = process.env.HOME;\n',
    'core/aws/b.ts': '// process.env is read elsewhere\nexport const x = 1;\n',
    'local/index.ts': 'export const home = process.env.HOME;\n',
    'local/testing/c.ts': 'export const home = process.env.HOME;\n',
  });
  assert.is(faults, 'core/aws/a.ts: process.env is read in index.ts and *.lambda.ts only\n');
});

t('refuses test code in a bundle, however it came in', () => {
  const { faults } = check({
    'core/testing/a.ts': X,
    // No import statement that the source check could see.
    'core/aws/b.ts': `const { x } = require('../testing/a.ts');\nexport const y = x;\n`,
    'functions/s/c.lambda.ts': `import { y } from '../../core/aws/b.ts';\nexport const handler = () => y;\n`,
  });
  assert.is(faults, 'functions/s/c.lambda.ts: test code is never in a bundle (core/testing/a.ts)\n');
});

t.run();
