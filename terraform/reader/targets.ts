/** Rules and schedules, and which function an ARN means. */
import { basename } from 'node:path';
import { TerraformFault } from './expression.ts';
import { inBlock, jsonFact, listFact, numberFact, textFact, textsFact } from './fact.ts';
import type { EventPattern, FunctionSpec, RuleSpec, ScheduleSpec } from './infrastructure.ts';
import type { Module } from './module.ts';
import type { Resource } from './resource.ts';
import { describeRole } from './roles.ts';
import { ABSENT_VARIABLES } from './stand-ins.ts';

export const arnOf = ({ members, at }: Resource, name = 'arn'): string => String(members.get(name, at));

/** The bundle that a function runs: what it is called on one machine. */
export function bundleOf(lambda: Resource): string {
  const [image] = lambda.blocks('image_config');
  if (image === undefined) return basename(textFact(lambda, 'filename'), '.zip');
  const [name = ''] = listFact(inBlock(lambda, image), 'command');
  return name;
}

export function describeFunctions(platform: Module): Readonly<Record<string, FunctionSpec>> {
  return Object.fromEntries(
    platform.resources('aws_lambda_function').map((lambda) => [
      bundleOf(lambda),
      {
        timeoutSeconds: numberFact(lambda, 'timeout'),
        environment: environmentOf(lambda),
        ...describeRole(platform, textFact(lambda, 'role')),
      },
    ]),
  );
}

function environmentOf(lambda: Resource): Record<string, string> {
  try {
    const [environment] = lambda.blocks('environment');
    const variables = environment === undefined ? {} : textsFact(inBlock(lambda, environment), 'variables');
    return Object.fromEntries(Object.entries(variables).filter(([name]) => !(name in ABSENT_VARIABLES)));
  } catch (error) {
    if (!(error instanceof TerraformFault)) throw error;
    throw new Error(`The environment of ${bundleOf(lambda)} cannot be filled. ${error.message}`);
  }
}

/** Which function is behind an ARN; a fault when there is none. */
export function createFunctionLookup(platform: Module): (arn: string) => string {
  const names = new Map(
    platform.resources('aws_lambda_function').map((each) => [arnOf(each), bundleOf(each)]),
  );
  return (arn) => {
    const name = names.get(arn);
    if (name === undefined) throw new TerraformFault(platform.at, `${arn} is no function of the platform`);
    return name;
  };
}

const DEFAULT_BUS = 'default';
const UNIT_SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/** The rules that invoke functions. A rule that fills a log is left out: nobody reads that log on one machine. */
export function describeRules(platform: Module, functionOf: (arn: string) => string) {
  const rules: RuleSpec[] = [];
  const schedules: ScheduleSpec[] = [];
  const targets = platform.resources('aws_cloudwatch_event_target');
  for (const rule of platform.resources('aws_cloudwatch_event_rule')) {
    const name = textFact(rule, 'name');
    const bus = busOf(rule);
    const arns = targets
      .filter((target) => busOf(target) === bus && textFact(target, 'rule') === name)
      .map((target) => textFact(target, 'arn'))
      .filter((arn) => !arn.startsWith('arn:aws:logs:'));
    for (const target of arns.map(functionOf)) {
      if (rule.get('schedule_expression') !== null)
        schedules.push({ name, everySeconds: secondsOf(rule), target });
      else rules.push({ name, bus, pattern: patternOf(rule), target });
    }
  }
  return { rules, schedules };
}

const busOf = (resource: Resource): string =>
  resource.get('event_bus_name') === null ? DEFAULT_BUS : textFact(resource, 'event_bus_name');

function secondsOf(rule: Resource): number {
  const expression = textFact(rule, 'schedule_expression');
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const seconds = Number(count) * (UNIT_SECONDS[unit] ?? Number.NaN);
  if (seconds > 0) return seconds;
  throw new TerraformFault(rule.at, `${rule.address}: one machine knows rates only, not ${expression}`);
}

function patternOf(rule: Resource): EventPattern {
  const pattern = jsonFact<unknown>(rule, 'event_pattern');
  if (isPattern(pattern)) return pattern;
  throw new TerraformFault(rule.at, `${rule.address}: one machine matches lists of texts only`);
}

const isPattern = (value: unknown): value is EventPattern =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((field) =>
    Array.isArray(field) ? field.every((item) => typeof item === 'string') : isPattern(field),
  );
