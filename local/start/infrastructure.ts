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

/** The repository, and what the build has put there. */
export const ROOT = join(import.meta.dirname, '..', '..');
export const BUNDLES = join(ROOT, 'dist');

/** The bundle of a function, or of a container. */
export const bundleOf = (name: string): string => join(BUNDLES, name, 'index.js');

/** What the last build read from the Terraform. */
export function readInfrastructure(): Infrastructure {
  const file = join(BUNDLES, 'infrastructure.json');
  if (!existsSync(file)) throw new NotBuilt('dist/ lacks infrastructure.json: run "npm run build"');
  return JSON.parse(readFileSync(file, 'utf8')) as Infrastructure;
}

/** Throws when a bundle that the infrastructure runs is not there. */
export function requireBundles({ functions, tasks }: Infrastructure): void {
  const containers = Object.values(tasks).map(({ container }) => container);
  const names = [...Object.keys(functions), ...containers, 'router'];
  const missing = names.filter((name) => !existsSync(bundleOf(name)));
  if (missing.length > 0) throw new NotBuilt(`dist/ lacks ${missing.join(', ')}: run "npm run build"`);
}

/** The Lambdas by name, told the URL of the stand-ins. */
export const functionSpecs = (
  { functions }: Pick<Infrastructure, 'functions'>,
  awsEndpoint: string,
): Readonly<Record<string, FunctionSpec>> =>
  JSON.parse(JSON.stringify(functions).replaceAll(AWS_ENDPOINT, awsEndpoint));
