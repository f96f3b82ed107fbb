/**
 * What the build has read from terraform/modules/platform into dist/infrastructure.json, so that a change there changes
 * this machine.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionSpec, Infrastructure } from '../../terraform/reader/infrastructure.ts';
import { AWS_ENDPOINT } from '../../terraform/reader/stand-ins.ts';

export class NotBuilt extends Error {
  override readonly name = 'NotBuilt';
}

const FILE = join(import.meta.dirname, '..', '..', 'dist', 'infrastructure.json');
let known: Infrastructure | undefined;

/** What the last build read from the Terraform. */
export function readInfrastructure(): Infrastructure {
  if (known === undefined) {
    if (!existsSync(FILE)) throw new NotBuilt('dist/ lacks infrastructure.json: run "npm run build"');
    known = JSON.parse(readFileSync(FILE, 'utf8')) as Infrastructure;
  }
  return known;
}

/** The Lambdas by name. `awsEndpoint` is the stand-ins' URL. */
export function functionSpecs(
  awsEndpoint: string,
  { functions }: Infrastructure = readInfrastructure(),
): Readonly<Record<string, FunctionSpec>> {
  const atEndpoint = (environment: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, value.replaceAll(AWS_ENDPOINT, awsEndpoint)]),
    );
  return Object.fromEntries(
    Object.entries(functions).map(([name, spec]) => [
      name,
      { ...spec, environment: atEndpoint(spec.environment) },
    ]),
  );
}
