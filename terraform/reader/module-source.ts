import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Block, type Expression, TerraformFault } from './expression.ts';
import type { Parse } from './parse.ts';

/** What the files of one module declare, by name. */
export interface ModuleSource {
  readonly dir: string;
  readonly variables: ReadonlyMap<string, Block>;
  readonly locals: ReadonlyMap<string, () => Expression>;
  readonly outputs: ReadonlyMap<string, Block>;
  readonly modules: ReadonlyMap<string, Block>;
  /** By type and name: `aws_sqs_queue.ready`. */
  readonly resources: ReadonlyMap<string, Block>;
}

export type ReadModule = (dir: string) => ModuleSource;

/** Reads modules by their folder, each once. Faults name files relative to `root`. */
export function createModuleReader(parse: Parse, root: string): ReadModule {
  const read = new Map<string, ModuleSource>();
  return (dir) => {
    const source = read.get(dir) ?? readModule(parse, root, dir);
    read.set(dir, source);
    return source;
  };
}

function readModule(parse: Parse, root: string, dir: string): ModuleSource {
  const files = globSync('*.tf', { cwd: dir }).sort();
  if (files.length === 0) throw new TerraformFault(relative(root, dir), 'there is no module');
  const blocks = files.flatMap((file) => {
    const path = join(dir, file);
    return parse(relative(root, path), readFileSync(path, 'utf8')).blocks;
  });
  const named = (type: string) =>
    new Map(blocks.filter((block) => block.type === type).map((block) => [block.labels.join('.'), block]));
  return {
    dir,
    variables: named('variable'),
    locals: new Map(
      blocks.filter(({ type }) => type === 'locals').flatMap(({ body }) => [...body.attributes]),
    ),
    outputs: named('output'),
    modules: named('module'),
    resources: named('resource'),
  };
}
