/**
 * How long functions are, by Biome, which the lint uses as well: TypeScript 7 has no parser to call. Asked for functions
 * of more than one line of code, its rule names them all.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTest, percentile } from './sources.mjs';

const RULE = 'noExcessiveLinesPerFunction';
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const CONFIG = {
  root: true,
  formatter: { enabled: false },
  assist: { enabled: false },
  linter: {
    rules: {
      recommended: false,
      complexity: { [RULE]: { level: 'error', options: { maxLines: 1 } } },
    },
  },
};

function askBiome(root, paths) {
  const configFolder = mkdtempSync(join(tmpdir(), 'figures-'));
  try {
    writeFileSync(join(configFolder, 'biome.json'), JSON.stringify(CONFIG));
    const args = [
      'lint',
      `--config-path=${configFolder}`,
      '--reporter=json',
      '--max-diagnostics=none',
      ...paths,
    ];
    const biome = join(import.meta.dirname, '../../node_modules/.bin/biome');
    const { stdout, stderr } = spawnSync(biome, args, {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    if (!stdout?.startsWith('{')) throw new Error(`Biome did not answer: ${stderr}`);
    return JSON.parse(stdout).diagnostics;
  } finally {
    rmSync(configFolder, { recursive: true });
  }
}

/** Every function of more than one line outside of tests: its lines from the first to the last, and those of code. */
export function readFunctions(root, sources) {
  const paths = sources.map(({ path }) => path).filter((path) => !isTest(path));
  if (paths.length === 0) return [];
  return askBiome(root, paths)
    .filter(({ category }) => category.endsWith(RULE))
    .map(({ message, location: { path, start, end } }) => ({
      path,
      line: start.line,
      lines: end.line - start.line + 1,
      // The lint's own number: it is in the message only.
      codeLines: Number(/\((\d+)\)/.exec(message)?.[1]),
    }));
}

export function measureFunctions(functions, maxLines) {
  const lines = functions.map((each) => each.lines);
  return {
    p90: percentile(lines, 0.9),
    max: Math.max(0, ...lines),
    long: functions.filter((each) => each.codeLines > maxLines),
  };
}
