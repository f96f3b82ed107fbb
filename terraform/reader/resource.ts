import { evaluate, type Scope } from './evaluate.ts';
import { type Block, type Body, TerraformFault } from './expression.ts';
import { elementsOf, Members, type Value, type ValueMap } from './values.ts';

/** One resource of a plan: its arguments are evaluated when somebody asks for them. */
export interface Resource {
  /** As Terraform tells it: `module.sessions.aws_dynamodb_table.main`. */
  readonly address: string;
  readonly at: string;
  /** An argument; null where it is left out. */
  get(name: string): Value;
  /** Whether the argument is written at all, whatever its value. */
  declares(name: string): boolean;
  /** Its blocks of a type, the dynamic ones as well. */
  blocks(type: string): readonly NestedBlock[];
  /** What others read of it: arguments, and what AWS makes up. */
  readonly members: Members;
}

/** Reads an argument of a resource, as text. */
export type Argument = (name: string) => string;

/** What the values of a configuration rest on and a configuration does not say: what AWS would answer. */
export interface StandIns {
  /** Modules that are not there, with the outputs that others ask of them. */
  readonly absentModules: Readonly<Record<string, ValueMap>>;
  /** Data sources, by type. */
  readonly data: Readonly<Record<string, ValueMap>>;
  /** What is made up when a resource is created, by its type and the attribute. */
  readonly computed: Readonly<Record<string, Readonly<Record<string, (argument: Argument) => string>>>>;
}

export interface NestedBlock {
  get(name: string): Value;
  blocks(type: string): readonly NestedBlock[];
}

export interface ResourceOptions {
  readonly block: Block;
  readonly address: string;
  readonly scope: Scope;
  readonly standIns: StandIns;
}

/** One instance of a resource block. */
export function createResource({ block, address, scope, standIns }: ResourceOptions): Resource {
  const { body, at } = block;
  const [type = ''] = block.labels;
  const get = (name: string): Value => argumentOf(body, name, scope);
  const compute = (name: string, usedAt: string): Value => {
    const make = standIns.computed[type]?.[name];
    if (make === undefined) {
      throw new TerraformFault(usedAt, `one machine has no stand-in for ${name} of ${address}`);
    }
    return make((argument) => String(get(argument)));
  };
  return {
    address,
    at,
    get,
    declares: (name) => body.attributes.has(name),
    blocks: (wanted) => blocksOf(body, wanted, scope),
    members: new Members((name, usedAt) => (body.attributes.has(name) ? get(name) : compute(name, usedAt))),
  };
}

function argumentOf(body: Body, name: string, scope: Scope): Value {
  const expression = body.attributes.get(name);
  return expression === undefined ? null : evaluate(expression(), scope);
}

const blocksOf = (body: Body, wanted: string, scope: Scope): readonly NestedBlock[] =>
  body.blocks.flatMap((inner) => expand(inner, wanted, scope));

const nested = (body: Body, scope: Scope): NestedBlock => ({
  get: (name) => argumentOf(body, name, scope),
  blocks: (wanted) => blocksOf(body, wanted, scope),
});

/** A block is itself; a `dynamic` one is a block for each element. */
function expand(block: Block, wanted: string, scope: Scope): readonly NestedBlock[] {
  if (block.type === wanted) return [nested(block.body, scope)];
  if (block.type !== 'dynamic' || block.labels[0] !== wanted) return [];
  const content = block.body.blocks.find(({ type }) => type === 'content');
  const over = argumentOf(block.body, 'for_each', scope);
  const elements = elementsOf(over);
  if (content === undefined || elements === undefined) {
    throw new TerraformFault(block.at, `dynamic "${wanted}" needs for_each and content`);
  }
  return elements.map(([key, value]) => {
    const inner: Scope = (name) => (name === wanted ? { key, value } : scope(name));
    return nested(content.body, inner);
  });
}
