import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FakeRun, runWithFakes } from './testing/fake-commands.ts';

const deploy = (run: FakeRun) => runWithFakes(join(import.meta.dirname, 'deploy.mjs'), run);

const REPOSITORY = { repository_url: 'registry/browser' };
const DONE = { ...REPOSITORY, image_tag: 'abc1234', api_url: 'https://api', next_commands: 'npm run smoke' };
const BUILD = 'npm run build -- --quiet';
const at = (environment: string) => `terraform -chdir=terraform/envs/${environment}`;
const init = (environment: string) =>
  `${at(environment)} init -input=false -reconfigure -lockfile=readonly -backend-config=bucket=state -backend-config=region=us-west-2`;
const output = (environment: string) => `${at(environment)} output -json`;
const plan = (environment: string, rest: string) =>
  `${at(environment)} plan -input=false -out=<tmp>/plan ${rest}`;
const apply = (environment: string) => `${at(environment)} apply -input=false <tmp>/plan`;
const push = 'node scripts/image.mjs controller --push registry/browser';
const status = 'git status --porcelain';
/** All calls but those that log docker in, which run beside each other. */
const withoutLogin = (calls: readonly string[]) => calls.filter((call) => !/^(aws|docker) /.test(call));

const t = suite('npm run deploy');

t('builds, pushes the image, plans and applies that plan, in this order', async () => {
  const { code, calls, output: shown } = await deploy({ args: ['dev', '--yes'], outputs: DONE });
  assert.equal(withoutLogin(calls), [
    status,
    BUILD,
    init('dev'),
    output('dev'),
    push,
    plan('dev', '-var=region=us-west-2 -var=image_tag=abc1234'),
    apply('dev'),
    output('dev'),
  ]);
  assert.is(code, 0);
  assert.match(shown, /https:\/\/api\n\nnpm run smoke/);
});

t('makes the repositories first where there is none yet', async () => {
  const { calls } = await deploy({ args: ['dev', '--yes'], outputs: {}, outputsAfter: DONE });
  const targeted = calls.findIndex((call) => call.includes('-target='));
  assert.match(calls[targeted] ?? '', /-target=module\.platform\.module\.browsers\.module\.image/);
  assert.equal(withoutLogin(calls.slice(targeted + 1)), [
    apply('dev'),
    output('dev'),
    push,
    plan('dev', '-var=region=us-west-2 -var=image_tag=abc1234'),
    apply('dev'),
    output('dev'),
  ]);
});

t('pushes the router as well where there is one', async () => {
  const { calls } = await deploy({
    args: ['prod', '--yes'],
    outputs: { ...DONE, router_repository_url: 'registry/router' },
  });
  const pushed = calls.filter((call) => call.includes('scripts/image.mjs'));
  assert.equal(pushed, [push, 'node scripts/image.mjs router --push registry/router']);
  assert.ok(calls.includes(plan('prod', '-var=region=us-west-2 -var=image_tag=abc1234')));
});

t('deploys no images of two commits', async () => {
  const {
    code,
    calls,
    output: shown,
  } = await deploy({
    args: ['prod', '--yes'],
    outputs: { ...DONE, router_repository_url: 'registry/router' },
    env: { ROUTER_TAG: 'def5678' },
  });
  assert.is(code, 1);
  assert.match(shown, /several commits: abc1234, def5678/);
  assert.ok(calls.at(-1)?.includes('image.mjs router'));
});

t('logs docker in before the push, with a password that is in no argument', async () => {
  const { calls } = await deploy({ args: ['dev', '--yes'], outputs: DONE });
  const given = calls.indexOf('docker was given: a password');
  assert.ok(given > 0 && given < calls.indexOf(push));
  assert.ok(calls.includes('aws ecr get-login-password --region us-west-2'));
  assert.ok(calls.includes('docker login --username AWS --password-stdin registry'));
});

t('takes the tag of an image that is there already', async () => {
  const env = { IMAGE_NOTE: 'is there already, and a tag never moves' };
  const { calls } = await deploy({ args: ['dev', '--yes'], outputs: DONE, env });
  assert.ok(calls.includes(plan('dev', '-var=region=us-west-2 -var=image_tag=abc1234')));
});

t('goes no further without a tag', async () => {
  const { code, calls } = await deploy({ args: ['dev', '--yes'], outputs: DONE, env: { IMAGE_TAG: '' } });
  assert.is(code, 1);
  assert.is(calls.at(-1), push);
});

t('stops at the first failure, whichever it is', async () => {
  const steps = [
    'git status',
    BUILD,
    ' init ',
    ' output ',
    'docker login',
    'scripts/image.mjs',
    ' plan ',
    ' apply ',
  ];
  for (const step of steps) {
    const {
      code,
      calls,
      output: shown,
    } = await deploy({
      args: ['dev', '--yes'],
      outputs: DONE,
      env: { FAIL_ON: step },
    });
    assert.is(code, 1, step);
    assert.ok(calls.at(-1)?.includes(step), `${step} was the last: ${calls.at(-1)}`);
    assert.match(shown, /ended with 3; nothing after it was done/);
  }
});

t('shows the plan before it asks, and applies for the name of the environment only', async () => {
  const agreed = await deploy({ args: ['dev'], outputs: DONE, input: 'dev\n' });
  assert.is(agreed.code, 0);
  assert.ok(agreed.output.indexOf('THE PLAN') < agreed.output.indexOf('Apply this to dev?'));
  assert.ok(agreed.calls.includes(apply('dev')));
  for (const input of ['prod\n', 'y\n', '\n', '']) {
    const refused = await deploy({ args: ['dev'], outputs: DONE, input });
    assert.is(refused.code, 1, JSON.stringify(input));
    assert.match(refused.output, /Not confirmed/);
    assert.not.ok(refused.calls.some((call) => call.includes(' apply ')));
  }
});

t('with --plan neither pushes nor applies, and plans with the image that runs', async () => {
  const outputs = { ...DONE, image_tag: 'running' };
  const { code, calls } = await deploy({ args: ['dev', '--plan'], outputs });
  assert.equal(calls, [
    BUILD,
    init('dev'),
    output('dev'),
    plan('dev', '-var=region=us-west-2 -var=image_tag=running'),
  ]);
  assert.is(code, 0);
});

t('with --plan shows the whole of what a first deploy makes', async () => {
  const { calls } = await deploy({ args: ['dev', '--plan'] });
  assert.is(calls.at(-1), plan('dev', '-var=region=us-west-2 -var=image_tag=not-built'));
});

t('leaves no plan behind, because a plan holds secrets', async () => {
  const failed = await deploy({ args: ['dev', '--yes'], outputs: DONE, env: { FAIL_ON: ' apply ' } });
  const refused = await deploy({ args: ['dev'], outputs: DONE });
  for (const { calls, left } of [failed, refused]) {
    assert.ok(calls.some((call) => call.includes('-out=<tmp>/plan')));
    assert.equal(left, []);
  }
});

t('deploys commits only; a look at dev needs none', async () => {
  const env = { GIT_CHANGES: ' M core/log/logger.ts' };
  for (const args of [
    ['prod', '--yes'],
    ['prod', '--plan'],
    ['dev', '--yes'],
  ]) {
    const { code, calls, output: shown } = await deploy({ args, outputs: DONE, env });
    assert.is(code, 2, args.join(' '));
    assert.match(shown, /core\/log\/logger\.ts/);
    assert.equal(calls, [status]);
  }
  assert.is((await deploy({ args: ['dev', '--plan'], outputs: DONE, env })).code, 0);
});

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

t('says where the state belongs when nobody has told it', async () => {
  const { code, output: shown } = await deploy({ args: ['dev'], env: { WALLCRAWLER_STATE_BUCKET: '' } });
  assert.is(code, 2);
  assert.match(shown, /WALLCRAWLER_STATE_BUCKET is missing/);
});

t('wants to know which providers are meant', async () => {
  const { code, calls, output: shown } = await deploy({ args: ['dev'], isLocked: false });
  assert.is(code, 2);
  assert.match(shown, /terraform -chdir=terraform\/envs\/dev providers lock -platform=linux_amd64/);
  assert.equal(calls, []);
});

t('takes the region of the environment for state and stack alike', async () => {
  const { calls } = await deploy({
    args: ['dev', '--yes'],
    outputs: DONE,
    env: { AWS_REGION: 'eu-central-1' },
  });
  assert.ok(calls.some((call) => call.includes('-backend-config=region=eu-central-1')));
  assert.ok(calls.some((call) => call.includes('-var=region=eu-central-1')));
});

t.run();
