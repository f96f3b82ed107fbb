/**
 * Things of the platform are known by the name of their module in terraform/modules/platform, in camel case and without a
 * last word that says again what kind of thing it is: the bucket of `module.contexts_bucket` is `buckets.contexts`, the
 * table of `module.api_keys` `tables.apiKeys`, the topic of `module.ready_signal` `topics.ready`.
 */
import { TerraformFault } from './expression.ts';
import type { Module } from './module.ts';
import type { Resource } from './resource.ts';

/** Those that the repository's own code asks for are there for sure; there may be more. */
export type ByModule<T, Known extends string> = Readonly<Record<Known, T>> & Readonly<Record<string, T>>;

const KIND = /_(bucket|signal|table)$/;

/** Of `module.ready_signal.aws_sns_topic.main`: `ready`. Without a module it is the resource's own name that counts. */
export function moduleNameOf({ address }: Pick<Resource, 'address'>): string {
  const [first, second = ''] = address.split('.');
  const name = first === 'module' ? second : second.replace(/\[.*$/, '');
  return name.replace(KIND, '').replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** `describe`s each resource. A fault when a module has two of them, or when one of `known` has none. */
export function byModule<T, Known extends string>(
  platform: Module,
  what: { readonly resources: readonly Resource[]; readonly known: readonly Known[] },
  describe: (resource: Resource) => T,
): ByModule<T, Known> {
  const described = new Map<string, T>();
  for (const resource of what.resources) {
    const name = moduleNameOf(resource);
    if (described.has(name)) {
      throw new TerraformFault(resource.at, `${resource.address}: its module has another one, also ${name}`);
    }
    described.set(name, describe(resource));
  }
  const missing = what.known.find((name) => !described.has(name));
  if (missing === undefined) return Object.fromEntries(described) as ByModule<T, Known>;
  const there = [...described.keys()].join(', ') || 'nothing';
  throw new TerraformFault(platform.at, `one machine looks for ${missing}, and there is ${there}`);
}
