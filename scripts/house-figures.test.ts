import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const SCRIPT = join(import.meta.dirname, 'house-figures.mjs');

/** A function of `lines` lines, the first and the last included; every second one in it is blank. */
const functionOf = (name: string, lines: number): string =>
  `export function ${name}() {\n${Array.from({ length: lines - 2 }, (_, line) => (line % 2 === 0 ? '  void 0;' : '')).join('\n')}\n}\n`;
const linesOf = (count: number): string => 'void 0;\n'.repeat(count);

const FILES: Readonly<Record<string, string>> = {
  'core/domain/timing.ts': 'export const BEAT_MS = 10_000;\n',
  'core/aws/a.ts': `export const WAIT_MS = 2 * 60_000;\n${linesOf(99)}`,
  'controller/long.ts': `${functionOf('long', 140)}const RETRY_SECONDS = 3;\n${functionOf('short', 3)}`,
  'controller/derived.ts': `import { BEAT_MS } from '../core/domain/timing.ts';\nconst LOST_MS = 3 * BEAT_MS;\n`,
  'controller/long.test.ts': `${functionOf('excused', 300)}const TEST_MS = 5;\n`,
  'local/a.ts': linesOf(40),
  'local/testing/fake.ts': linesOf(6),
  'local/a.test.ts': linesOf(14),
  'apps/admin/a.ts': linesOf(10),
  'apps/admin/a.test.ts': linesOf(9),
  'tests/e2e/all.test.ts': linesOf(100),
  'dist/bundle.js': linesOf(5000),
  'terraform/modules/queue/main.tf':
    'resource "aws_sqs_queue" "main" {\n  count = var.on ? 1 : 0\n}\nresource "aws_sqs_queue" "all" {\n  count = 2\n}\n',
  'terraform/modules/queue/variables.tf': 'variable "a" {}\nvariable "b" {}\nvariable "c" {}\n',
  'terraform/modules/topic/main.tf': 'variable "a" {}\nresource "aws_sns_topic" "main" {\n  name = "x"\n}\n',
};

function measure(files: Readonly<Record<string, string>>): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'house-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], { cwd: root, encoding: 'utf8' });
    assert.is(status, 0, stderr);
    return stdout.trimEnd().split('\n');
  } finally {
    rmSync(root, { recursive: true });
  }
}

const lines = measure(FILES);
/** What is printed beside a name. */
const figure = (name: string): string | undefined =>
  lines
    .find((line) => line.startsWith(`${name}  `))
    ?.slice(48)
    .split(/ {2,}/)[0];

const t = suite('figures of the house');

t('are lines of files and of functions outside of tests', () => {
  assert.is(figure('lines a file, p90 and max'), '144, 144');
  assert.is(figure('lines a function, p90 and max'), '140, 140');
});

t('name each function that the lint refuses, by its own count', () => {
  assert.is(figure('functions above 60 lines, as the lint counts'), '1');
  const at = lines.findIndex((line) => line.startsWith('functions above'));
  assert.match(lines[at + 1] ?? '', /^ {4}controller\/long\.ts:1 has \d+$/);
});

t('are lines of tests, stand-ins included, for a line of source', () => {
  assert.is(figure('tests : source of local'), '0.50');
  assert.is(figure('tests : source of apps/admin'), '0.90');
  assert.is(figure('tests : source of core'), '0.00');
  // 301 + 20 + 9 + 100 lines of tests; 1 + 100 + 144 + 2 + 40 + 10 of sources.
  assert.is(figure('tests : source'), '1.45');
});

t('are variables of a module, and counts that switch a resource off', () => {
  assert.is(figure('Terraform variables a module, median and max'), '2, 3');
  assert.is(figure('conditional counts of all resources'), '33 %');
});

t('name the files that hold a clock of their own', () => {
  assert.is(figure('files with clocks and time-outs of their own'), '2');
  const at = lines.findIndex((line) => line.startsWith('files with clocks'));
  assert.equal(lines.slice(at + 1, at + 3), ['    controller/long.ts', '    core/aws/a.ts']);
});

t('are the same at each run', () => {
  assert.equal(measure(FILES), lines);
});

t.run();
