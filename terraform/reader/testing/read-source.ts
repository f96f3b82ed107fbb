/** Terraform that a test writes: single expressions, and small modules in a temporary folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { evaluate } from '../evaluate.ts';
import type { Expression } from '../expression.ts';
import { createModule, type Module } from '../module.ts';
import { createModuleReader } from '../module-source.ts';
import { createTerraformParser } from '../parse.ts';
import type { StandIns } from '../resource.ts';
import { MACHINE } from '../stand-ins.ts';
import { toJson, type Value, type ValueMap } from '../values.ts';

export const parse = await createTerraformParser();

/** The expression that is written behind `value =` in x.tf. */
export function expressionIn(source: string): Expression {
  const expression = parse('x.tf', `value = ${source}\n`).attributes.get('value')?.();
  if (expression === undefined) throw new Error(`x.tf has no value: ${source}`);
  return expression;
}

/** Its value, in which sets are lists. */
export const valueIn = (source: string, names: Readonly<Record<string, Value>> = {}): unknown =>
  toJson(evaluate(expressionIn(source), (name) => names[name]));

export type Files = Readonly<Record<string, string>>;

/** The module in `main` of these files; a single text is its only file. Everything is evaluated before it is answered. */
export function withModule<T>(
  files: Files | string,
  use: (module: Module) => T,
  { inputs = {}, standIns = MACHINE }: { inputs?: ValueMap; standIns?: StandIns } = {},
): T {
  const root = mkdtempSync(join(tmpdir(), 'reader-'));
  try {
    for (const [path, text] of Object.entries(typeof files === 'string' ? { 'main/a.tf': files } : files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), `${text}\n`);
    }
    const read = createModuleReader(parse, root);
    const source = read(join(root, 'main'));
    return use(
      createModule({ source, read, address: '', at: 'main', standIns, input: (name) => inputs[name] }),
    );
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The sentence of the fault that `use` throws. */
export function faultOf(use: () => unknown): string {
  try {
    use();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no fault';
}
