import { join } from 'node:path';
import { createModule, type Module } from './module.ts';
import { createModuleReader } from './module-source.ts';
import { createTerraformParser } from './parse.ts';
import { ENVIRONMENT } from './stand-ins.ts';
import type { ValueMap } from './values.ts';

const PLATFORM = 'terraform/modules/platform';

/** The platform of the repository in `root`, as one machine sees it; `variables` go before the machine's own. */
export async function readPlatform(root: string, variables: ValueMap = {}): Promise<Module> {
  const read = createModuleReader(await createTerraformParser(), root);
  const given: ValueMap = { ...ENVIRONMENT, ...variables };
  return createModule({
    source: read(join(root, PLATFORM)),
    address: '',
    read,
    input: (name) => given[name],
    at: PLATFORM,
  });
}
