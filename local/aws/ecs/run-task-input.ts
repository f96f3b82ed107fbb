import { AwsError } from '../wire/aws-error.ts';
import { createInputReader, type InputReader, isObject } from '../wire/input-reader.ts';
import type { JsonObject } from '../wire/json-service.ts';
import { clusterArn, type TaskContext } from './task.ts';

export interface RunTaskInput {
  readonly environment: Readonly<Record<string, string>>;
  readonly clientToken?: string;
  readonly startedBy?: string;
  readonly group: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

const SUPPORTED = [
  'cluster',
  'taskDefinition',
  'count',
  'clientToken',
  'startedBy',
  'group',
  'launchType',
  'platformVersion',
  'networkConfiguration',
  'overrides',
  'tags',
  'propagateTags',
  'enableECSManagedTags',
];
const MAX_OVERRIDES_CHARACTERS = 8192;
const MAX_CLIENT_TOKEN_CHARACTERS = 64;
const MAX_STARTED_BY_CHARACTERS = 128;

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);
export const readEcs: InputReader = createInputReader('InvalidParameterException');

/** The cluster may be named or left out only where it is this one. */
export function requireCluster(input: JsonObject, context: TaskContext): void {
  const cluster = readEcs.optionalText(input, 'cluster') ?? 'default';
  if (cluster !== context.cluster && cluster !== clusterArn(context)) {
    throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  }
}

/** RunTask as Fargate takes it, with all the limits that a Lambda meets on AWS. */
export function readRunTask(input: JsonObject, context: TaskContext): RunTaskInput {
  readEcs.only('RunTask', input, SUPPORTED);
  requireCluster(input, context);
  requireTaskDefinition(readEcs.text(input, 'taskDefinition'), context);
  requireNetwork(input.networkConfiguration);
  if ((readEcs.optionalInteger(input, 'count', { min: 1, max: 10 }) ?? 1) !== 1) {
    throw invalid('This stand-in starts one task at a time: count must be 1');
  }
  const launchType = readEcs.optionalText(input, 'launchType');
  if (launchType !== 'FARGATE') throw invalid('This stand-in supports launchType FARGATE only');
  const clientToken = readLimited(input, 'clientToken', MAX_CLIENT_TOKEN_CHARACTERS);
  const startedBy = readLimited(input, 'startedBy', MAX_STARTED_BY_CHARACTERS);
  return {
    environment: readEnvironment(input.overrides, context),
    group: readEcs.optionalText(input, 'group') ?? `family:${context.family}`,
    tags: readEcs.objects(input, 'tags').map((tag) => ({
      key: readEcs.text(tag, 'key'),
      value: readEcs.optionalText(tag, 'value') ?? '',
    })),
    ...(clientToken === undefined ? {} : { clientToken }),
    ...(startedBy === undefined ? {} : { startedBy }),
  };
}

function readLimited(input: JsonObject, name: string, maxCharacters: number): string | undefined {
  const value = readEcs.optionalText(input, name);
  if (value !== undefined && value.length > maxCharacters) {
    throw invalid(`${name} is longer than ${maxCharacters} characters`);
  }
  return value;
}

function requireTaskDefinition(taskDefinition: string, { family }: TaskContext): void {
  const name = taskDefinition.replace(/^arn:aws:ecs:[\w-]+:\d+:task-definition\//, '').replace(/:\d+$/, '');
  if (name !== family) throw new AwsError('ClientException', 'TaskDefinition not found.');
}

function requireNetwork(networkConfiguration: unknown): void {
  const network = isObject(networkConfiguration) ? networkConfiguration.awsvpcConfiguration : undefined;
  if (!isObject(network) || readEcs.texts(network, 'subnets').length === 0) {
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
}

function readEnvironment(overrides: unknown, { container }: TaskContext): Record<string, string> {
  if (overrides === undefined) return {};
  if (!isObject(overrides)) throw invalid('overrides must be an object');
  readEcs.only('RunTask overrides', overrides, ['containerOverrides']);
  const containers = readEcs.objects(overrides, 'containerOverrides');
  if (JSON.stringify(containers).length > MAX_OVERRIDES_CHARACTERS) {
    throw invalid(`Container Overrides length must be at most ${MAX_OVERRIDES_CHARACTERS}`);
  }
  const environment: Record<string, string> = {};
  for (const override of containers) {
    readEcs.only('RunTask containerOverrides', override, ['name', 'environment']);
    const name = readEcs.text(override, 'name');
    if (name !== container)
      throw invalid(`Override for container named ${name} is not a container in the TaskDefinition.`);
    for (const variable of readEcs.objects(override, 'environment')) {
      environment[readEcs.text(variable, 'name')] = readEcs.optionalText(variable, 'value') ?? '';
    }
  }
  return environment;
}
