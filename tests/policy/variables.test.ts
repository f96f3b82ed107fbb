// Each bundle starts with the environment that Terraform gives its function, and reads all of it: in both forms of the
// platform.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inBlock, textsFact } from '../../terraform/reader/fact.ts';
import { openPlatform } from '../../terraform/reader/platform.ts';
import { ROUTED } from '../../terraform/reader/stand-ins.ts';
import { bundleOf } from '../../terraform/reader/targets.ts';
import { readVariables } from './support/read-variables.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Set by one machine, and in no form of the platform. */
const OF_ONE_MACHINE = ['AWS_ENDPOINT_URL', 'PUBLIC_STORAGE_URL', 'MANAGED_PROXY'];
/** Set by a function's image. */
const OF_AN_IMAGE = ['FFMPEG_PATH'];
/** Set for all, and not read by one that says nothing. */
const OF_WHO_LOGS = ['METRICS_NAMESPACE'];
/** Read by the AWS SDK and by Node, not by us. */
const FOREIGN = /^(AWS_|NODE_|OTEL_|_X_AMZN_|_HANDLER$|LAMBDA_|HOME|USERPROFILE$)/;

const plan = await openPlatform(ROOT);
const environments = (variables: object) =>
  plan({ ...variables })
    .resources('aws_lambda_function')
    .map((lambda) => {
      const [block] = lambda.blocks('environment');
      const environment = block === undefined ? {} : textsFact(inBlock(lambda, block), 'variables');
      return [bundleOf(lambda), environment] as const;
    });
const direct = environments({});
const routed = new Map(environments(ROUTED));

const variables = suite('variables');

for (const [name, environment] of direct) {
  variables(
    `${name} starts with what Terraform sets, reads all of it, and nothing that is never set`,
    async () => {
      const bundle = join(ROOT, 'dist', name, 'index.js');
      const forms = [environment, routed.get(name) ?? {}];
      const everSet = new Set([...forms.flatMap(Object.keys), ...OF_ONE_MACHINE, ...OF_AN_IMAGE]);
      for (const form of forms) {
        const read = await readVariables(bundle, form);
        assert.equal(
          Object.keys(form).filter((name) => !read.includes(name) && !OF_WHO_LOGS.includes(name)),
          [],
          'set and never read',
        );
        assert.equal(
          read.filter((variable) => !everSet.has(variable) && !FOREIGN.test(variable)),
          [],
          'read and never set',
        );
      }
    },
  );
}

variables('that are missing are named', async () => {
  const bundle = join(ROOT, 'dist', 'list-sessions', 'index.js');
  const fault = await readVariables(bundle, {}).catch((error: Error) => error.message);
  assert.is(fault, 'Configuration is not usable: SESSIONS_TABLE is missing');
});

variables('that are not read are seen', async () => {
  const bundle = join(ROOT, 'dist', 'list-sessions', 'index.js');
  const read = await readVariables(bundle, { SESSIONS_TABLE: 'x', OLD: '1' });
  assert.ok(read.includes('SESSIONS_TABLE') && !read.includes('OLD'));
});

variables.run();
