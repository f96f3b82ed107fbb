import { join } from 'node:path';
import { evaluate, type Scope } from './evaluate.ts';
import { type Block, TerraformFault } from './expression.ts';
import { type Instances, instancesOf, ONE, toValue } from './instances.ts';
import { memoise, workedOutOnce } from './memoise.ts';
import type { ModuleSource, ReadModule } from './module-source.ts';
import { createResource, type Resource, type StandIns } from './resource.ts';
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
  /** What is there in place of AWS. */
  readonly standIns: StandIns;
}

/** A module that is evaluated as far as its values are asked for. */
export const createModule = (options: ModuleOptions): Module => new EvaluatedModule(options);

class EvaluatedModule implements Module {
  readonly address: string;
  readonly at: string;
  readonly #options: ModuleOptions;
  readonly #source: ModuleSource;
  /** What an expression of this module may begin with, besides the types of its resources. */
  readonly #roots: Readonly<Record<string, Value>>;
  readonly #types: ReadonlySet<string>;
  readonly #resourcesOf = memoise((key: string) => this.#createResources(key));
  readonly #modulesOf = memoise((name: string) => this.#createModules(name));

  constructor(options: ModuleOptions) {
    this.address = options.address;
    this.at = options.at;
    this.#options = options;
    this.#source = options.source;
    this.#types = new Set([...options.source.resources.keys()].map((key) => key.split('.')[0] ?? ''));
    this.#roots = {
      var: workedOutOnce((name, at) => this.#variable(name, at)),
      local: workedOutOnce((name, at) => this.#local(name, at)),
      module: workedOutOnce((name, at) => this.#moduleValue(name, at)),
      data: new Members((type, at) => this.#dataOf(type, at)),
      path: { module: options.source.dir },
    };
  }

  module(name: string): Module {
    const only = this.#modulesOf(name).get(ONE);
    if (only !== undefined) return only;
    throw new TerraformFault(this.at, `${this.#within(`module.${name}`)} is not one module`);
  }

  output(name: string): Value {
    const block = this.#source.outputs.get(name);
    const value = block && this.#argument(block, 'value');
    if (value !== undefined) return value;
    throw new TerraformFault(this.at, `${this.address} has no output ${name}`);
  }

  resources(type: string): readonly Resource[] {
    const own = [...this.#source.resources.keys()].filter((key) => key.startsWith(`${type}.`));
    const { absentModules } = this.#options.standIns;
    const inner = [...this.#source.modules.keys()].filter((name) => !(name in absentModules));
    return [
      ...own.flatMap((key) => [...this.#resourcesOf(key).values()]),
      ...inner.flatMap((name) => [...this.#modulesOf(name).values()].flatMap((each) => each.resources(type))),
    ];
  }

  readonly #scope: Scope = (name) => this.#roots[name] ?? this.#resourcesOfType(name);

  #within(name: string): string {
    return this.address === '' ? name : `${this.address}.${name}`;
  }

  #argument(block: Block, name: string, scope: Scope = this.#scope): Value | undefined {
    const expression = block.body.attributes.get(name);
    return expression === undefined ? undefined : evaluate(expression(), scope);
  }

  #variable(name: string, at: string): Value {
    const block = this.#source.variables.get(name);
    if (block === undefined) throw new TerraformFault(at, `there is no variable ${name}`);
    const given = this.#options.input(name);
    // A null that is given is the value, unless the variable takes none.
    const isGiven = given !== undefined && (given !== null || this.#argument(block, 'nullable') !== false);
    const value = isGiven ? given : this.#argument(block, 'default');
    if (value === undefined) throw new TerraformFault(this.at, `the variable ${name} is not given`);
    return applyType(block.body.attributes.get('type')?.(), value);
  }

  #local(name: string, at: string): Value {
    const expression = this.#source.locals.get(name);
    if (expression === undefined) throw new TerraformFault(at, `there is no local.${name}`);
    return evaluate(expression(), this.#scope);
  }

  #moduleValue(name: string, at: string): Value {
    const absent = this.#options.standIns.absentModules[name];
    if (absent !== undefined) return absent;
    if (!this.#source.modules.has(name)) throw new TerraformFault(at, `there is no module.${name}`);
    return toValue(this.#modulesOf(name), (each) => new Members((output) => each.output(output)));
  }

  #dataOf(type: string, at: string): Value {
    const known = this.#options.standIns.data[type];
    if (known === undefined) throw new TerraformFault(at, `one machine has no stand-in for data.${type}`);
    return new Members(() => known);
  }

  #resourcesOfType(type: string): Value | undefined {
    if (!this.#types.has(type)) return undefined;
    return new Members((label, at) => {
      const key = `${type}.${label}`;
      if (!this.#source.resources.has(key)) throw new TerraformFault(at, `there is no ${this.#within(key)}`);
      return toValue(this.#resourcesOf(key), ({ members }) => members);
    });
  }

  #createResources(key: string): Instances<Resource> {
    const block = this.#source.resources.get(key);
    const address = this.#within(key);
    if (block === undefined) throw new TerraformFault(this.at, `there is no ${address}`);
    const { standIns } = this.#options;
    return instancesOf(block, this.#scope, (scope, suffix) =>
      createResource({ block, address: `${address}${suffix}`, scope, standIns }),
    );
  }

  #createModules(name: string): Instances<Module> {
    const block = this.#source.modules.get(name);
    const address = this.#within(`module.${name}`);
    if (block === undefined) throw new TerraformFault(this.at, `there is no ${address}`);
    return instancesOf(block, this.#scope, (scope, suffix) => {
      const path = this.#argument(block, 'source');
      if (typeof path !== 'string' || !path.startsWith('.')) {
        throw new TerraformFault(block.at, 'only modules of this repository are read');
      }
      return createModule({
        ...this.#options,
        source: this.#options.read(join(this.#source.dir, path)),
        address: `${address}${suffix}`,
        input: (wanted) => this.#argument(block, wanted, scope),
        at: block.at,
      });
    });
  }
}
