import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FakeRun, runWithFakes } from './testing/fake-commands.ts';

const destroy = (run: FakeRun) => runWithFakes(join(import.meta.dirname, 'destroy.mjs'), run);

const OUTPUTS = { image_tag: 'running' };
const AT = 'terraform -chdir=terraform/envs/dev';
const VARIABLES = '-var=region=us-west-2 -var=image_tag=running -var=enable_deletion_protection=false';

const t = suite('npm run destroy');

t('lifts the protection, then destroys; each is shown and asked for', async () => {
  const { code, calls, output } = await destroy({ args: ['dev', '--yes'], outputs: OUTPUTS });
  assert.equal(calls.slice(3), [
    `${AT} plan -input=false -out=<tmp>/plan ${VARIABLES}`,
    `${AT} apply -input=false <tmp>/plan`,
    `${AT} plan -input=false -out=<tmp>/plan -destroy ${VARIABLES}`,
    `${AT} apply -input=false <tmp>/plan`,
  ]);
  assert.is(code, 0, output);
});

t('does nothing that nobody agreed to', async () => {
  const { code, calls } = await destroy({ args: ['dev'], outputs: OUTPUTS, input: 'no\n' });
  assert.is(code, 1);
  assert.not.ok(calls.some((call) => call.includes(' apply ')));
});

t('never touches prod', async () => {
  const { code, calls, output } = await destroy({ args: ['prod', '--yes'], outputs: OUTPUTS });
  assert.is(code, 2);
  assert.match(output, /docs\/runbooks\/destroy\.md/);
  assert.equal(calls, []);
});

t('says so when there is nothing to destroy', async () => {
  const { code, output } = await destroy({ args: ['dev', '--yes'] });
  assert.is(code, 2);
  assert.match(output, /nothing of dev/);
});

t('says how it is used, and does nothing else', async () => {
  const { code, calls, output } = await destroy({ args: ['--help'] });
  assert.is(code, 0);
  assert.match(output, /npm run destroy -- dev \[--yes\]\n/);
  assert.equal(calls, []);
});

t.run();
