import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FakeRun, runWithFakes } from './testing/fake-commands.ts';

const deploy = (run: FakeRun) => runWithFakes(join(import.meta.dirname, 'deploy.mjs'), run);

const REPOSITORY = {
  repository_url: 'registry/browser',
  recordings_repository_url: 'registry/recordings',
};
const DONE = { ...REPOSITORY, image_tag: 'abc1234', api_url: 'https://api', next_commands: 'npm run smoke' };
const BUILD = 'npm run build -- --quiet';
const at = (environment: string) => `terraform -chdir=terraform/envs/${environment}`;
const init = (environment: string) =>
  `${at(environment)} init -input=false -reconfigure -lockfile=readonly -backend-config=bucket=state -backend-config=region=us-west-2`;
const output = (environment: string) => `${at(environment)} output -json`;
const plan = (environment: string, rest: string) =>
  `${at(environment)} plan -input=false -out=<tmp>/plan ${rest}`;
const targeted = (environment: string, image: string, tag: string) =>
  plan(environment, `-detailed-exitcode -target=${image} -var=region=us-west-2 -var=image_tag=${tag}`);
const apply = (environment: string) => `${at(environment)} apply -input=false <tmp>/plan`;
// What the environment's files say, whatever the state was applied with.
const push = 'node scripts/image.mjs controller --push registry/browser --architecture arm64';
const pushRecordings = 'node scripts/image.mjs recordings --push registry/recordings --architecture arm64';
const pushRouter = 'node scripts/image.mjs router --push registry/router --architecture x86_64';
const status = 'git status --porcelain';
const BROWSER_IMAGE = 'module.platform.module.browsers.module.image';
const RECORDINGS_IMAGE = 'module.platform.module.recordings_image';
const ROUTER_IMAGE = 'module.platform.module.router[0].module.image';
const isLogin = (call = '') => /^(aws|docker) /.test(call);
/** All calls but those that log docker in, which run beside each other. */
const withoutLogin = (calls: readonly string[]) => calls.filter((call) => !isLogin(call));
/** The last call; when docker was being logged in, all calls of that, whichever of them was written down last. */
const lastStep = (calls: readonly string[]) =>
  isLogin(calls.at(-1)) ? calls.filter(isLogin) : calls.slice(-1);

const t = suite('npm run deploy');

t('builds, pushes the image, plans and applies that plan, in this order', async () => {
  const { code, calls, output: shown } = await deploy({ args: ['dev', '--yes'], outputs: DONE });
  assert.equal(withoutLogin(calls), [
    status,
    BUILD,
    init('dev'),
    output('dev'),
    targeted('dev', ROUTER_IMAGE, 'abc1234'),
    push,
    pushRecordings,
    plan('dev', '-var=region=us-west-2 -var=image_tag=abc1234'),
    apply('dev'),
    output('dev'),
  ]);
  assert.is(code, 0);
  assert.match(shown, /https:\/\/api\n\nnpm run smoke/);
});

t('makes the repositories first where there is none yet', async () => {
  const { calls } = await deploy({ args: ['dev', '--yes'], outputs: {}, outputsAfter: DONE });
  const making = targeted(
    'dev',
    `${BROWSER_IMAGE} -target=${RECORDINGS_IMAGE} -target=${ROUTER_IMAGE}`,
    'not-built',
  );
  assert.equal(withoutLogin(calls.slice(calls.indexOf(making))), [
    making,
    apply('dev'),
    output('dev'),
    push,
    pushRecordings,
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
  assert.equal(pushed, [push, pushRecordings, pushRouter]);
  assert.ok(calls.includes(plan('prod', '-var=region=us-west-2 -var=image_tag=abc1234')));
});

t('makes the repository of a router that came later, before it is pushed', async () => {
  const { code, calls } = await deploy({
    args: ['prod', '--yes'],
    outputs: { ...DONE, image_tag: 'running' },
    outputsAfter: { ...DONE, router_repository_url: 'registry/router' },
  });
  const making = targeted('prod', ROUTER_IMAGE, 'running');
  assert.equal(withoutLogin(calls.slice(calls.indexOf(making))), [
    making,
    apply('prod'),
    output('prod'),
    push,
    pushRecordings,
    pushRouter,
    plan('prod', '-var=region=us-west-2 -var=image_tag=abc1234'),
    apply('prod'),
    output('prod'),
  ]);
  assert.is(code, 0);
});

t('asks about repositories only where one has to be made', async () => {
  const asked = await deploy({ args: ['dev'], outputs: {}, outputsAfter: DONE, input: 'no\n' });
  assert.match(asked.output, /Make the image repositories first\?/);
  assert.not.ok(asked.calls.includes(push));
  const notAsked = await deploy({ args: ['dev'], outputs: DONE, input: 'no\n' });
  assert.not.match(notAsked.output, /Make the image repositories/);
  assert.match(notAsked.output, /Apply this to dev\?/);
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
    'aws ecr',
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
    const last = lastStep(calls);
    assert.ok(
      last.some((call) => call.includes(step)),
      `${step} was the last: ${last}`,
    );
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
