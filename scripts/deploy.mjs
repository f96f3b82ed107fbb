/**
 * Builds, pushes the images and applies Terraform, in this order; stops at the first failure. Runs in the package's root.
 *
 *   npm run deploy -- <dev|prod> [--plan] [--yes]
 *
 * --plan stops after the plan and pushes nothing. --yes does not ask. The state is in the bucket
 * WALLCRAWLER_STATE_BUCKET; AWS_REGION (us-west-2) and credentials are the AWS SDK's.
 */
import { parseCommandLine, readSettings, UsageError } from './deploy/command-line.mjs';
import { capture, run, runMain } from './deploy/steps.mjs';
import { openTerraform } from './deploy/terraform.mjs';

// `output` names the repository, `variable` takes the tag. An environment without a router has no such output.
const IMAGES = [
  {
    name: 'controller',
    output: 'repository_url',
    variable: 'image_tag',
    targets: ['module.platform.module.browsers.aws_ecr_repository.main'],
  },
  {
    name: 'router',
    output: 'router_repository_url',
    variable: 'router_image_tag',
    // With and without a count; Terraform passes over a target that is not there.
    targets: [
      'module.platform.module.router.aws_ecr_repository.main',
      'module.platform.module.router[0].aws_ecr_repository.main',
    ],
  },
];
const MUST_BE_CLEAN = 'prod';
// What a plan shows for an image that nobody has built.
const NOT_BUILT = 'not-built';

/** What runs in prod is a commit: it can be found again, and run again. */
async function requireCommit(environment) {
  if (environment !== MUST_BE_CLEAN) return;
  const changes = await capture('git status', 'git', ['status', '--porcelain']);
  if (changes !== '')
    throw new UsageError(`${environment} is deployed from a commit, and this is not one:\n${changes}`);
}

/** The repositories come before the images, and the images before all else. */
async function makeRepositories(terraform, agreement) {
  const variables = { image_tag: NOT_BUILT };
  const targets = IMAGES.flatMap((image) => image.targets);
  await terraform.apply(
    { variables, targets },
    { ...agreement, question: 'Make the image repositories first?' },
  );
}

const isThere = (outputs) => (image) => outputs[image.output] != null;

/** Builds and pushes; the last line that the script prints is the tag. Returns the variables that hold the tags. */
async function pushImages(outputs) {
  const variables = {};
  for (const { name, output, variable } of IMAGES.filter(isThere(outputs))) {
    const printed = await capture(`image ${name}`, 'node', [
      'scripts/image.mjs',
      name,
      '--push',
      outputs[output],
    ]);
    variables[variable] = printed.split('\n').at(-1).trim();
    console.log(`\n== image ${name}: ${variables[variable]}`);
  }
  return variables;
}

const tagsOf = (outputs) =>
  Object.fromEntries(
    IMAGES.filter(isThere(outputs)).map(({ variable }) => [variable, outputs[variable] ?? NOT_BUILT]),
  );

await runMain(async () => {
  const asked = parseCommandLine(process.argv.slice(2), ['plan', 'yes']);
  const terraform = openTerraform({ ...asked, ...readSettings(process.env) });
  const agreement = { isAgreed: asked.yes };
  await requireCommit(asked.environment);
  await run('build', 'npm', ['run', 'build', '--', '--quiet']);
  await terraform.init();
  let outputs = await terraform.outputs();
  if (asked.plan) {
    // With the images that run now: a plan pushes nothing, so there is no newer one.
    return terraform.plan({ variables: { image_tag: NOT_BUILT, ...tagsOf(outputs) } });
  }
  if (!isThere(outputs)(IMAGES[0])) {
    await makeRepositories(terraform, agreement);
    outputs = await terraform.outputs();
  }
  const variables = await pushImages(outputs);
  await terraform.apply({ variables }, { ...agreement, question: `Apply this to ${asked.environment}?` });
  const { api_url: apiUrl, next_commands: nextCommands } = await terraform.outputs();
  console.log(`\n${apiUrl}\n\n${nextCommands}`);
});
