import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

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
  ['the domain of an adapter', 'core/domain/a.ts', 'core/aws/b.ts', 'core/domain may not import core'],
  ['core of a function', 'core/http/a.ts', 'functions/s/b.ts', 'core may not import functions/s'],
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
  ['core of local', 'core/aws/a.ts', 'local/b.ts', 'core may not import local'],
  ['local of a function', 'local/a.ts', 'functions/s/b.ts', 'local may not import functions/s'],
  ['anything of a test', 'core/aws/a.ts', 'core/aws/b.test.ts', 'nobody imports a test'],
  ['production code of testing/', 'core/aws/a.ts', 'core/testing/b.ts', 'testing/ is for tests only'],
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

t('refuses an import of a type only, and an import() as well', () => {
  const { faults } = check({
    'core/http/a.ts': `import type { x } from '../../controller/b.ts';\nexport type Y = typeof x;\n`,
    'core/http/c.ts': `export const y = () => import('../../local/d.ts');\n`,
    'controller/b.ts': X,
    'local/d.ts': X,
  });
  assert.is(
    faults,
    'core/http/a.ts: core may not import controller\ncore/http/c.ts: core may not import local\n',
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
