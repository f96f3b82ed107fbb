/**
 * Holds the reader of terraform/reader against Terraform: both evaluate the platform of one machine, and what the machine
 * would be told must be the same. A fault in the reader would otherwise be in the machine and in every test of it alike.
 */
import { join } from 'node:path';
import { describeMachine } from '../../terraform/reader/describe-platform.ts';
import { openPlatform } from '../../terraform/reader/platform.ts';
import { asTerraformSays, runTerraform } from './terraform-run.ts';

/** One sentence for each value in which the two differ. `command` runs Terraform in a platform that is initialised. */
export async function compareReader(root: string, command: readonly string[]): Promise<readonly string[]> {
  const platform = (await openPlatform(root))();
  const state = await runTerraform(join(root, 'terraform/modules/platform'), platform, command);
  return differencesOf(describeMachine(platform), describeMachine(asTerraformSays(platform, state)), '');
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Where two values that JSON can write differ; `path` is where they stand. */
export function differencesOf(read: unknown, said: unknown, path: string): readonly string[] {
  if (isObject(read) && isObject(said)) {
    const names = new Set([...Object.keys(read), ...Object.keys(said)]);
    return [...names].flatMap((name) =>
      differencesOf(read[name], said[name], path === '' ? name : `${path}.${name}`),
    );
  }
  if (Object.is(read, said)) return [];
  return [`${path}: the reader reads ${JSON.stringify(read)}, Terraform says ${JSON.stringify(said)}`];
}
