import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FakeRun, runWithFakes } from './testing/fake-commands.ts';

const destroy = (run: FakeRun) => runWithFakes(join(import.meta.dirname, 'destroy.mjs'), run);

const AT = 'terraform -chdir=terraform/envs/dev';
const VARIABLES = '-var=region=us-west-2 -var=image_tag=none -var=enable_deletion_protection=false';

const resource = (module: string, type: string, change = {}) => ({
  ...{ module: `module.platform.module.${module}`, mode: 'managed', type, name: 'main', instances: [{}] },
  ...change,
});
const NETWORK = resource('network', 'aws_vpc');
const STATE = {
  resources: [
    NETWORK,
    resource('sessions', 'aws_dynamodb_table'),
    resource('contexts_bucket', 'aws_s3_bucket'),
    resource('contexts_bucket', 'aws_s3_bucket_policy'),
    resource('gone', 'aws_s3_bucket', { instances: [] }),
    resource('read', 'aws_s3_bucket', { mode: 'data' }),
  ],
};

const t = suite('npm run destroy');

t('lifts the protection, then destroys; each is shown and asked for', async () => {
  const { code, calls, output } = await destroy({ args: ['dev', '--yes'], state: STATE });
  const tables = '-target=module.platform.module.sessions.aws_dynamodb_table.main';
  const buckets = '-target=module.platform.module.contexts_bucket.aws_s3_bucket.main';
  assert.equal(calls.slice(3), [
    `${AT} plan -input=false -out=<tmp>/plan ${tables} ${buckets} ${VARIABLES}`,
    `${AT} apply -input=false <tmp>/plan`,
    `${AT} plan -input=false -out=<tmp>/plan -destroy ${VARIABLES}`,
    `${AT} apply -input=false <tmp>/plan`,
  ]);
  assert.is(code, 0, output);
});

t('goes on where an earlier one ended half-way, and makes nothing again', async () => {
  const { code, calls, output } = await destroy({ args: ['dev', '--yes'], state: { resources: [NETWORK] } });
  assert.equal(calls.slice(3), [
    `${AT} plan -input=false -out=<tmp>/plan -destroy ${VARIABLES}`,
    `${AT} apply -input=false <tmp>/plan`,
  ]);
  assert.is(code, 0, output);
});

t('does nothing that nobody agreed to', async () => {
  const { code, calls } = await destroy({ args: ['dev'], state: STATE, input: 'no\n' });
  assert.is(code, 1);
  assert.not.ok(calls.some((call) => call.includes(' apply ')));
});

t('never touches prod', async () => {
  const { code, calls, output } = await destroy({ args: ['prod', '--yes'], state: STATE });
  assert.is(code, 2);
  assert.match(output, /docs\/runbooks\/destroy\.md/);
  assert.equal(calls, []);
});

t('says so when there is nothing to destroy', async () => {
  for (const state of [undefined, { resources: [] }]) {
    const { code, output } = await destroy({ args: ['dev', '--yes'], ...(state && { state }) });
    assert.is(code, 2);
    assert.match(output, /nothing of dev/);
  }
});

t('says how it is used, and does nothing else', async () => {
  const { code, calls, output } = await destroy({ args: ['--help'] });
  assert.is(code, 0);
  assert.match(output, /npm run destroy -- dev \[--yes\]\n/);
  assert.equal(calls, []);
});

t.run();
