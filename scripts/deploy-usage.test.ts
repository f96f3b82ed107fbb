import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FakeRun, runWithFakes } from './testing/fake-commands.ts';

const deploy = (run: FakeRun) => runWithFakes(join(import.meta.dirname, 'deploy.mjs'), run);

const t = suite('npm run deploy, asked for what it cannot do');

t('refuses what it does not know before it does anything', async () => {
  const refusals: readonly [readonly string[], RegExp][] = [
    [[], /Which environment\? One of: dev, prod/],
    [['staging'], /There is no environment "staging"; there are: dev, prod/],
    [['../dev'], /There is no environment/],
    [['dev', 'prod'], /One environment at a time/],
    [['dev', '--force'], /--force/],
    [['dev', '--plan', '--yes'], /--plan applies nothing/],
  ];
  for (const [args, message] of refusals) {
    const { code, calls, output: shown } = await deploy({ args });
    assert.is(code, 2, args.join(' '));
    assert.match(shown, message);
    assert.equal(calls, []);
  }
});

t('says how it is used, and does nothing else', async () => {
  for (const args of [['--help'], ['dev', '--help']]) {
    const { code, calls, output: shown } = await deploy({ args });
    assert.is(code, 0);
    assert.match(shown, /^Builds, .*npm run deploy -- <dev\|prod> \[--plan\] \[--yes\]\n\n--plan stops/s);
    assert.equal(calls, []);
  }
});

t('says where the state belongs when nobody has told it', async () => {
  const { code, output: shown } = await deploy({ args: ['dev'], env: { WALLCRAWLER_STATE_BUCKET: '' } });
  assert.is(code, 2);
  assert.match(shown, /WALLCRAWLER_STATE_BUCKET is missing/);
});

t('wants to know which providers are meant', async () => {
  const { code, calls, output: shown } = await deploy({ args: ['dev'], isLocked: false });
  assert.is(code, 2);
  const at = 'terraform -chdir=terraform/envs/dev';
  const both = `  ${at} get\n  ${at} providers lock -platform=linux_amd64`;
  assert.ok(shown.includes(both), shown);
  assert.equal(calls, []);
});

t.run();
