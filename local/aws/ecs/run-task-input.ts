import type { TaskSpec } from '../../../terraform/reader/infrastructure.ts';
import { AwsError } from '../wire/aws-error.ts';
import { createInputReader, type InputReader, isObject } from '../wire/input-reader.ts';
import type { JsonObject } from '../wire/json-service.ts';

export interface RunTaskInput {
  readonly cluster: string;
  readonly definition: TaskSpec;
  readonly environment: Readonly<Record<string, string>>;
  readonly clientToken?: string;
  readonly startedBy?: string;
}

/** What can be run, and where. */
export interface EcsCatalogue {
  readonly clusters: readonly string[];
  readonly definitions: readonly TaskSpec[];
}

const SUPPORTED = [
  'cluster',
  'taskDefinition',
  'count',
  'clientToken',
  'startedBy',
  'launchType',
  'networkConfiguration',
  'overrides',
];
const MAX_OVERRIDES_CHARACTERS = 8192;

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);
export const readEcs: InputReader = createInputReader('InvalidParameterException');

/** The name of the cluster that the input names, or means by naming none. */
export function readCluster(input: JsonObject, { clusters }: EcsCatalogue): string {
  const cluster = readEcs.optionalText(input, 'cluster') ?? 'default';
  if (clusters.includes(cluster)) return cluster;
  throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
}

/** RunTask as Fargate takes it, with all the limits that a Lambda meets on AWS. */
export function readRunTask(input: JsonObject, catalogue: EcsCatalogue): RunTaskInput {
  readEcs.only('RunTask', input, SUPPORTED);
  const cluster = readCluster(input, catalogue);
  const definition = readDefinition(input, catalogue);
  requireNetwork(input.networkConfiguration);
  if ((readEcs.optionalInteger(input, 'count', { min: 1, max: 10 }) ?? 1) !== 1) {
    throw invalid('This stand-in starts one task at a time: count must be 1');
  }
  const launchType = readEcs.optionalText(input, 'launchType');
  if (launchType !== 'FARGATE') throw invalid('This stand-in supports launchType FARGATE only');
  const clientToken = readEcs.optionalText(input, 'clientToken');
  const startedBy = readEcs.optionalText(input, 'startedBy');
  return {
    cluster,
    definition,
    environment: readEnvironment(input.overrides, definition),
    ...(clientToken === undefined ? {} : { clientToken }),
    ...(startedBy === undefined ? {} : { startedBy }),
  };
}

function readDefinition(input: JsonObject, { definitions }: EcsCatalogue): TaskSpec {
  const taskDefinition = readEcs.text(input, 'taskDefinition');
  const name = taskDefinition.replace(/^arn:aws:ecs:[\w-]+:\d+:task-definition\//, '').replace(/:\d+$/, '');
  const definition = definitions.find(({ family }) => family === name);
  if (definition !== undefined) return definition;
  throw new AwsError('ClientException', 'TaskDefinition not found.');
}

function requireNetwork(networkConfiguration: unknown): void {
  const network = isObject(networkConfiguration) ? networkConfiguration.awsvpcConfiguration : undefined;
  if (!isObject(network) || readEcs.texts(network, 'subnets').length === 0) {
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
}

function readEnvironment(overrides: unknown, { container }: TaskSpec): Record<string, string> {
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
