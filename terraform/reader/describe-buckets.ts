/** Buckets, and when what lies in them is deleted. */
import { byModule, moduleNameOf } from './by-module.ts';
import { inBlock, listFact, numberFact, textFact } from './fact.ts';
import type { BucketSpec, Infrastructure } from './infrastructure.ts';
import type { Module } from './module.ts';
import type { Resource } from './resource.ts';

export function describeBuckets(platform: Module): Infrastructure['buckets'] {
  const resources = platform.resources('aws_s3_bucket');
  const lifecycles = platform.resources('aws_s3_bucket_lifecycle_configuration');
  return byModule(platform, { resources, known: ['artifacts', 'contexts'] }, (bucket) => ({
    name: textFact(bucket, 'bucket'),
    expiry: lifecycles
      .filter((lifecycle) => moduleNameOf(lifecycle) === moduleNameOf(bucket))
      .flatMap(expiryOf),
    oldVersionDays:
      lifecycles
        .filter((lifecycle) => moduleNameOf(lifecycle) === moduleNameOf(bucket))
        .flatMap(oldVersionDaysOf)[0] ?? null,
    readableFrom: platform
      .resources('aws_s3_bucket_cors_configuration')
      .filter((cors) => moduleNameOf(cors) === moduleNameOf(bucket))
      .flatMap((cors) =>
        cors.blocks('cors_rule').flatMap((rule) => listFact(inBlock(cors, rule), 'allowed_origins')),
      ),
  }));
}

const oldVersionDaysOf = (lifecycle: Resource): number[] =>
  lifecycle.blocks('rule').flatMap((rule) => {
    const [expiration] = rule.blocks('noncurrent_version_expiration');
    return expiration === undefined ? [] : [numberFact(inBlock(lifecycle, expiration), 'noncurrent_days')];
  });

/** The rules that delete what somebody put. Those about unfinished uploads have nothing to do on a machine. */
const expiryOf = (lifecycle: Resource): BucketSpec['expiry'] =>
  lifecycle.blocks('rule').flatMap((rule) => {
    const [expiration] = rule.blocks('expiration');
    const [filter] = rule.blocks('filter');
    // Without days: markers of what was deleted, of which no day is told.
    if (filter === undefined || !expiration?.get('days')) return [];
    return [
      {
        prefix: textFact(inBlock(lifecycle, filter), 'prefix'),
        days: numberFact(inBlock(lifecycle, expiration), 'days'),
      },
    ];
  });
