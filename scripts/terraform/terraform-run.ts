/** What Terraform itself makes of the platform that one machine is built from: one `terraform test` with a mocked AWS. */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Module } from '../../terraform/reader/module.ts';
import type { NestedBlock, Resource } from '../../terraform/reader/resource.ts';
import { ACCOUNT_ID, ENVIRONMENT, MACHINE } from '../../terraform/reader/stand-ins.ts';
import { Members, toJson, type Value } from '../../terraform/reader/values.ts';

/** A resource of a state, as `terraform show -json` has it too. */
export interface StateResource {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, Value>>;
}

interface StateModule {
  readonly resources?: readonly StateResource[];
  readonly child_modules?: readonly StateModule[];
}

/** Terraform could not be run, or did not get to an end. */
export class TerraformFailed extends Error {
  override readonly name = 'TerraformFailed';
}

// Where Terraform keeps what is its own; Git does not see it.
const TEST_DIRECTORY = '.terraform/reader';

/**
 * The same inputs as the reader's, and where AWS would make something up, the same as well: so all that is left to differ
 * is how the two evaluate.
 */
function writeTest(platform: Module): string {
  const block = (head: string, body: object): string =>
    `${head} {\n${Object.entries(body)
      .map(([name, value]) => `  ${name} = ${JSON.stringify(value)}\n`)
      .join('')}}\n`;
  const madeUp = Object.entries(MACHINE.computed).flatMap(([type, attributes]) =>
    platform.resources(type).map((resource) => {
      const values = Object.fromEntries(
        Object.keys(attributes).map((name) => [name, toJson(resource.members.get(name, resource.at))]),
      );
      return `override_resource {\n  target = ${resource.address}\n  values = ${JSON.stringify(values)}\n}\n`;
    }),
  );
  const absent = Object.entries(MACHINE.absentModules)
    // Of the API a machine asks for a part, and Terraform for all of it.
    .filter(([name, outputs]) => name !== 'rest_api' && Object.keys(outputs).length > 0)
    .map(([name, outputs]) => {
      const target = `module.${name}`;
      return `override_module {\n  target = ${target}\n  outputs = ${JSON.stringify(toJson(outputs))}\n}\n`;
    });
  return [
    'mock_provider "aws" {',
    '  source = "../../testing"',
    block('mock_data "aws_caller_identity"', { defaults: { account_id: ACCOUNT_ID } }),
    '}',
    ...madeUp,
    ...absent,
    block('variables', toJson(ENVIRONMENT) as object),
    'run "machine" {}',
    '',
  ].join('\n');
}

/** Runs Terraform in the platform's folder, which has been initialised. Resolves with every resource of the end. */
export async function runTerraform(
  folder: string,
  platform: Module,
  command: readonly string[],
): Promise<readonly StateResource[]> {
  const tests = join(folder, TEST_DIRECTORY);
  mkdirSync(tests, { recursive: true });
  writeFileSync(join(tests, 'machine.tftest.hcl'), writeTest(platform));
  try {
    return readState(
      await run([
        ...command,
        `-chdir=${folder}`,
        'test',
        '-json',
        '-verbose',
        `-test-directory=${TEST_DIRECTORY}`,
      ]),
    );
  } finally {
    rmSync(tests, { recursive: true });
  }
}

function run([command = '', ...args]: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TF_IN_AUTOMATION: '1' },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('error', reject);
    child.once('close', () => resolve(output));
  });
}

interface Message {
  readonly type?: string;
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail: string };
  readonly test_state?: { readonly root_module: StateModule };
}

function readState(output: string): readonly StateResource[] {
  const messages = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Message);
  const state = messages.find(({ type }) => type === 'test_state')?.test_state;
  const faults = messages.flatMap(({ diagnostic }) => (diagnostic?.severity === 'error' ? [diagnostic] : []));
  if (state !== undefined && faults.length === 0) return resourcesIn(state.root_module);
  const said = faults.map(({ summary, detail }) => `${summary}: ${detail}`).join('\n') || output.trim();
  throw new TerraformFailed(`Terraform could not evaluate the platform. ${said}`);
}

const resourcesIn = ({ resources = [], child_modules = [] }: StateModule): readonly StateResource[] => [
  ...resources,
  ...child_modules.flatMap(resourcesIn),
];

/** The platform with the values that Terraform has worked out. What stands where comes from the reader. */
export function asTerraformSays(platform: Module, state: readonly StateResource[]): Module {
  const valuesOf = new Map(state.map(({ address, values }) => [address, values]));
  const inState = (resource: Resource): Resource => {
    const values = valuesOf.get(resource.address);
    if (values === undefined) throw new TerraformFailed(`Terraform knows no ${resource.address}`);
    const get = (name: string): Value => values[name] ?? null;
    return {
      ...resource,
      // A mock makes something up for what nobody has written, or what is null.
      get: (name) => (resource.declares(name) && !isMadeUp(resource, name, get(name)) ? get(name) : null),
      blocks: (type) => blocksIn(get(type)),
      members: new Members(get),
    };
  };
  return {
    address: platform.address,
    at: platform.at,
    module: (name) => platform.module(name),
    output: (name) => platform.output(name),
    resources(type) {
      const read = platform.resources(type);
      const addresses = new Set(read.map(({ address }) => address));
      const missed = state.find(
        (each) => each.type === type && !isAbsent(each.address) && !addresses.has(each.address),
      );
      if (missed !== undefined) throw new TerraformFailed(`The reader has not seen ${missed.address}`);
      return read.map(inState);
    },
  };
}

/** As the mocks write a text that the provider would compute. */
const MADE_UP = /^[a-z0-9]{8}$/;

const isMadeUp = (resource: Resource, name: string, value: Value): boolean =>
  typeof value === 'string' && MADE_UP.test(value) && resource.get(name) === null;

const isAbsent = (address: string): boolean => (address.split('.')[1] ?? '') in MACHINE.absentModules;

const blocksIn = (value: Value): readonly NestedBlock[] =>
  Array.isArray(value)
    ? value.map((block: Readonly<Record<string, Value>>) => ({
        get: (name) => block[name] ?? null,
        blocks: (type) => blocksIn(block[type] ?? null),
      }))
    : [];
