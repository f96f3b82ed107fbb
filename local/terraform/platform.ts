import { join } from 'node:path';
import { createModule, type Module } from './module.ts';
import { createModuleReader } from './module-source.ts';
import { createTerraformParser } from './parse.ts';
import { ENVIRONMENT } from './stand-ins.ts';
import type { ValueMap } from './values.ts';

const PLATFORM = 'terraform/modules/platform';

/** Evaluates the platform as one machine sees it; `variables` go before the machine's own. */
export type PlanPlatform = (variables?: ValueMap) => Module;

/** Reads the platform of the repository in `root`. */
export async function openPlatform(root: string): Promise<PlanPlatform> {
  const read = createModuleReader(await createTerraformParser(), root);
  const source = read(join(root, PLATFORM));
  return (variables = {}) => {
    const given: ValueMap = { ...ENVIRONMENT, ...variables };
    return createModule({ source, address: '', read, input: (name) => given[name], at: PLATFORM });
  };
}
