/**
 * Builds, pushes the images and applies Terraform, in this order; stops at the first failure. Runs in the package's root.
 *
 *   npm run deploy -- <dev|prod> [--plan] [--yes]
 *
 * --plan stops after the plan and pushes nothing. --yes does not ask. The state is in the bucket
 * WALLCRAWLER_STATE_BUCKET; AWS_REGION (us-west-2) and credentials are the AWS SDK's.
 */
import { parseCommandLine, readSettings, UsageError } from './deploy/command-line.mjs';
import { IMAGES, pushImages } from './deploy/images.mjs';
import { capture, run, runMain } from './deploy/steps.mjs';
import { openTerraform } from './deploy/terraform.mjs';

const PROD = 'prod';
// What a plan shows for an image that nobody has built.
const NOT_BUILT = 'not-built';

/** What is deployed is a commit: it can be found again, and run again. Only a look at dev needs none. */
async function requireCommit({ environment, plan }) {
  if (plan && environment !== PROD) return;
  const changes = await capture('git status', 'git', ['status', '--porcelain']);
  if (changes === '') return;
  throw new UsageError(`${environment} is deployed from a commit, and here is more than that:\n${changes}`);
}

/** The repositories come before the images, and the images before all else. */
async function makeRepositories(terraform, agreement) {
  const variables = { image_tag: NOT_BUILT };
  const targets = IMAGES.map((image) => image.target);
  await terraform.apply(
    { variables, targets },
    { ...agreement, question: 'Make the image repositories first?' },
  );
}

const isThere = (outputs) => (image) => outputs[image.output] != null;

await runMain(async () => {
  const asked = parseCommandLine(process.argv.slice(2), ['plan', 'yes']);
  const settings = readSettings(process.env);
  const terraform = openTerraform({ ...asked, ...settings });
  const agreement = { isAgreed: asked.yes };
  await requireCommit(asked);
  await run('build', 'npm', ['run', 'build', '--', '--quiet']);
  await terraform.init();
  let outputs = await terraform.outputs();
  if (asked.plan) {
    // With the images that run now: a plan pushes nothing, so there is no newer one.
    return terraform.plan({ variables: { image_tag: outputs.image_tag ?? NOT_BUILT } });
  }
  if (!isThere(outputs)(IMAGES[0])) {
    await makeRepositories(terraform, agreement);
    outputs = await terraform.outputs();
  }
  const tag = await pushImages(IMAGES.filter(isThere(outputs)), outputs, settings.region);
  const variables = { image_tag: tag };
  await terraform.apply({ variables }, { ...agreement, question: `Apply this to ${asked.environment}?` });
  const { api_url: apiUrl, next_commands: nextCommands } = await terraform.outputs();
  console.log(`\n${apiUrl}\n\n${nextCommands}`);
});
