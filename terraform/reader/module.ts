import { join } from 'node:path';
import { evaluate, type Scope } from './evaluate.ts';
import { type Block, TerraformFault } from './expression.ts';
import { type Instances, instancesOf, ONE, toValue } from './instances.ts';
import type { ModuleSource, ReadModule } from './module-source.ts';
import { createResource, type Resource } from './resource.ts';
import { ABSENT_MODULES, DATA } from './stand-ins.ts';
import { Members, type Value } from './values.ts';
import { applyType } from './variable-type.ts';

/** A module with its inputs. Nothing of it is evaluated before it is asked for. */
export interface Module {
  readonly address: string;
  readonly at: string;
  /** The module of that name within this one. */
  module(name: string): Module;
  output(name: string): Value;
  /** Every resource of a type, of this module and of those within it. */
  resources(type: string): readonly Resource[];
}

export interface ModuleOptions {
  readonly source: ModuleSource;
  readonly address: string;
  readonly read: ReadModule;
  /** An input; undefined where the caller names none. */
  readonly input: (name: string) => Value | undefined;
  readonly at: string;
}

/** A module that is evaluated as far as its values are asked for. */
export function createModule({ source, address, read, input, at: calledAt }: ModuleOptions): Module {
  const within = (name: string) => (address === '' ? name : `${address}.${name}`);
  const get = (block: Block, name: string, inner: Scope): Value | undefined => {
    const expression = block.body.attributes.get(name);
    return expression === undefined ? undefined : evaluate(expression(), inner);
  };

  const variable = once((name, at) => {
    const block = source.variables.get(name);
    if (block === undefined) throw new TerraformFault(at, `there is no variable ${name}`);
    const given = input(name) ?? null;
    const value = given ?? get(block, 'default', scope);
    if (value === undefined) throw new TerraformFault(calledAt, `the variable ${name} is not given`);
    return applyType(block.body.attributes.get('type')?.(), value);
  });
  const local = once((name, at) => {
    const expression = source.locals.get(name);
    if (expression === undefined) throw new TerraformFault(at, `there is no local.${name}`);
    return evaluate(expression(), scope);
  });
  const resourcesOf = memoise((key: string): Instances<Resource> => {
    const block = source.resources.get(key);
    if (block === undefined) throw new TerraformFault(calledAt, `there is no ${within(key)}`);
    return instancesOf(block, scope, (inner, suffix) =>
      createResource({ block, address: `${within(key)}${suffix}`, scope: inner }),
    );
  });
  const modulesOf = memoise((name: string): Instances<Module> => {
    const block = source.modules.get(name);
    if (block === undefined) throw new TerraformFault(calledAt, `there is no ${within(`module.${name}`)}`);
    return instancesOf(block, scope, (inner, suffix) => {
      const path = get(block, 'source', scope);
      if (typeof path !== 'string' || !path.startsWith('.')) {
        throw new TerraformFault(block.at, 'only modules of this repository are read');
      }
      return createModule({
        source: read(join(source.dir, path)),
        address: `${within(`module.${name}`)}${suffix}`,
        read,
        input: (wanted) => get(block, wanted, inner),
        at: block.at,
      });
    });
  });

  const modules = once((name, at) => {
    const absent = ABSENT_MODULES[name];
    if (absent !== undefined) return absent;
    if (!source.modules.has(name)) throw new TerraformFault(at, `there is no module.${name}`);
    return toValue(modulesOf(name), (each) => new Members((output) => each.output(output)));
  });
  const data = new Members((type, at) => {
    const known = DATA[type];
    if (known === undefined) throw new TerraformFault(at, `one machine has no stand-in for data.${type}`);
    return new Members(() => known);
  });
  const roots: Readonly<Record<string, Value>> = {
    var: variable,
    local,
    module: modules,
    data,
    path: { module: source.dir },
  };
  const types = new Set([...source.resources.keys()].map((key) => key.split('.')[0]));
  const scope: Scope = (name) =>
    roots[name] ??
    (types.has(name)
      ? new Members((label, at) => {
          const key = `${name}.${label}`;
          if (!source.resources.has(key)) throw new TerraformFault(at, `there is no ${within(key)}`);
          return toValue(resourcesOf(key), ({ members }) => members);
        })
      : undefined);

  return {
    address,
    at: calledAt,
    module(name) {
      const only = modulesOf(name).get(ONE);
      if (only === undefined)
        throw new TerraformFault(calledAt, `${within(`module.${name}`)} is not one module`);
      return only;
    },
    output(name) {
      const block = source.outputs.get(name);
      const value = block && get(block, 'value', scope);
      if (value === undefined) throw new TerraformFault(calledAt, `${address} has no output ${name}`);
      return value;
    },
    resources(type) {
      const own = [...source.resources.keys()].filter((key) => key.startsWith(`${type}.`));
      const inner = [...source.modules.keys()].filter((name) => !(name in ABSENT_MODULES));
      return [
        ...own.flatMap((key) => [...resourcesOf(key).values()]),
        ...inner.flatMap((name) => [...modulesOf(name).values()].flatMap((each) => each.resources(type))),
      ];
    },
  };
}

function memoise<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const value = made.has(key) ? (made.get(key) as T) : make(key);
    made.set(key, value);
    return value;
  };
}

/** Members that are worked out once, and that do not need themselves. */
function once(work: (name: string, at: string) => Value): Members {
  const values = new Map<string, Value>();
  const underWay = new Set<string>();
  return new Members((name, at) => {
    const known = values.get(name);
    if (known !== undefined) return known;
    if (underWay.has(name)) throw new TerraformFault(at, `${name} needs itself`);
    underWay.add(name);
    try {
      const value = work(name, at);
      values.set(name, value);
      return value;
    } finally {
      underWay.delete(name);
    }
  });
}
