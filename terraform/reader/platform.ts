import { join } from 'node:path';
import { createModule, type Module } from './module.ts';
import { createModuleReader } from './module-source.ts';
import { createTerraformParser } from './parse.ts';
import type { StandIns } from './resource.ts';
import { ENVIRONMENT, MACHINE } from './stand-ins.ts';
import type { ValueMap } from './values.ts';

const PLATFORM = 'terraform/modules/platform';

/** Evaluates a folder of the Terraform with its inputs. */
export type PlanFolder = (folder: string, inputs: ValueMap) => Module;

/** Evaluates the platform as one machine sees it; `variables` go before the machine's own. */
export type PlanPlatform = (variables?: ValueMap) => Module;

/** Reads the Terraform of the repository in `root`; `standIns` for what only AWS makes up. */
export async function openTerraform(root: string, standIns: StandIns = MACHINE): Promise<PlanFolder> {
  const read = createModuleReader(await createTerraformParser(), root);
  return (folder, inputs) =>
    createModule({
      source: read(join(root, folder)),
      address: '',
      read,
      input: (name) => inputs[name],
      at: folder,
      standIns,
    });
}

/** Reads the platform of the repository in `root`. */
export async function openPlatform(root: string): Promise<PlanPlatform> {
  const plan = await openTerraform(root);
  return (variables = {}) => plan(PLATFORM, { ...ENVIRONMENT, ...variables });
}
