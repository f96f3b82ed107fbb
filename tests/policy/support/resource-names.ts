import { AWS_ENDPOINT } from '../../../terraform/reader/stand-ins.ts';

const NAMES: Readonly<Record<string, RegExp>> = {
  dynamodb: /^table\/([^/]+)/,
  ecs: /^(?:task|cluster|task-definition)\/([^/:]+)/,
  events: /^event-bus\/(.+)$/,
  s3: /^([^/]+)/,
  secretsmanager: /^secret:(.+)$/,
  sns: /^(.+)$/,
  sqs: /^(.+)$/,
};

/** What a variable may call the thing behind an ARN of a policy: its ARN, its name, or its URL. */
export function namesOf(arn: string): string[] {
  const [, , service = '', , account, ...rest] = arn.split(':');
  const resource = rest.join(':');
  const name = NAMES[service]?.exec(resource)?.[1];
  if (name === undefined) return [arn];
  // A policy names every revision of a task definition, a variable one.
  const revision = arn.replace(/:\*$/, ':1');
  return [arn, revision, name, `${AWS_ENDPOINT}/${account}/${name}`];
}
