/** The alarms of the Terraform, as CloudWatch would have them. */
import { join } from 'node:path';
import { numberFact, textFact, textsFact } from '../../../terraform/reader/fact.ts';
import { openTerraform } from '../../../terraform/reader/platform.ts';
import type { Resource } from '../../../terraform/reader/resource.ts';
import { ENVIRONMENT, MACHINE, ROUTED } from '../../../terraform/reader/stand-ins.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

export interface Alarm {
  /** Without the environment's prefix: `sweeper-errors`. */
  readonly name: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `Minimum`, `Maximum` or a percentile such as `p95`. */
  readonly statistic: string;
  readonly periodMs: number;
  readonly periods: number;
  readonly comparison: string;
  readonly threshold: number;
  readonly missing: string;
}

const PREFIX = 'wallcrawler-local-';
/** What only AWS makes up, and an alarm is told by. */
const STAND_INS = {
  ...MACHINE,
  absentModules: {
    ...MACHINE.absentModules,
    rest_api: { ...MACHINE.absentModules.rest_api, name: 'api' },
  },
  computed: {
    ...MACHINE.computed,
    aws_lb: { arn_suffix: () => 'app/router' },
    aws_lb_target_group: { arn_suffix: () => 'targetgroup/router' },
  },
};

/** Of a platform with a router: that one has all there are. */
export async function readAlarms(): Promise<readonly Alarm[]> {
  const plan = await openTerraform(ROOT, STAND_INS);
  const platform = plan('terraform/modules/platform', { ...ENVIRONMENT, ...ROUTED });
  return platform.resources('aws_cloudwatch_metric_alarm').map(toAlarm);
}

function toAlarm(resource: Resource): Alarm {
  const { address } = resource;
  // Whatever an alarm says in another way would be read as if it said nothing.
  for (const unread of [
    'metric_query',
    'datapoints_to_alarm',
    'evaluate_low_sample_count_percentiles',
    'unit',
  ])
    if (resource.declares(unread) || resource.blocks(unread).length > 0)
      throw new Error(`${address} has ${unread}, which these tests do not evaluate`);
  const name = textFact(resource, 'alarm_name');
  if (!name.startsWith(PREFIX)) throw new Error(`${address} is named ${name}`);
  const percentile = resource.get('extended_statistic');
  return {
    name: name.slice(PREFIX.length),
    namespace: textFact(resource, 'namespace'),
    metric: textFact(resource, 'metric_name'),
    dimensions: textsFact(resource, 'dimensions'),
    statistic: typeof percentile === 'string' ? percentile : textFact(resource, 'statistic'),
    periodMs: numberFact(resource, 'period') * 1000,
    periods: numberFact(resource, 'evaluation_periods'),
    comparison: textFact(resource, 'comparison_operator'),
    threshold: numberFact(resource, 'threshold'),
    missing: textFact(resource, 'treat_missing_data'),
  };
}
