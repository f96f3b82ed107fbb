/**
 * Builds, pushes the images and applies Terraform, in this order; stops at the first failure. Runs in the package's root.
 *
 *   npm run deploy -- <dev|prod> [--plan] [--yes]
 *
 * --plan stops after the plan and pushes nothing: it shows the images that run now. --yes does not ask. The
 * state is in the bucket WALLCRAWLER_STATE_BUCKET; AWS_REGION (us-west-2) and credentials are the AWS SDK's.
 */
import { parseCommandLine, readSettings, UsageError } from './deploy/command-line.mjs';
import { IMAGES, pushImages, readArchitectures } from './deploy/images.mjs';
import { capture, run, runMain } from './deploy/steps.mjs';
import { openTerraform } from './deploy/terraform.mjs';
import { showHelp } from './deploy/usage.mjs';

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

const isThere = (outputs) => (image) => outputs[image.output] != null;
// Of what runs now: a plan pushes nothing, and making a repository changes no image.
const runningTag = (outputs) => outputs.image_tag ?? NOT_BUILT;

/**
 * The repositories come before the images, and the images before all else. Whether the environment should have one that
 * is missing is not known without a plan: one without a router never has the router's. Returns the outputs after it.
 */
async function makeRepositories(terraform, outputs, agreement) {
  const missing = IMAGES.filter((image) => !isThere(outputs)(image));
  if (missing.length === 0) return outputs;
  const settings = {
    variables: { image_tag: runningTag(outputs) },
    targets: missing.map((image) => image.target),
  };
  const question = 'Make the image repositories first?';
  const isMade = await terraform.applyChanges(settings, { ...agreement, question });
  return isMade ? terraform.outputs() : outputs;
}

await runMain(async () => {
  const args = process.argv.slice(2);
  if (showHelp(import.meta.url, args)) return;
  const asked = parseCommandLine(args, ['plan', 'yes']);
  const settings = readSettings(process.env);
  const terraform = openTerraform({ ...asked, ...settings });
  const agreement = { isAgreed: asked.yes };
  await requireCommit(asked);
  await run('build', 'npm', ['run', 'build', '--', '--quiet']);
  await terraform.init();
  const before = await terraform.outputs();
  if (asked.plan) return terraform.plan({ variables: { image_tag: runningTag(before) } });
  const outputs = await makeRepositories(terraform, before, agreement);
  const architectures = await readArchitectures(asked.folder);
  const images = IMAGES.filter(isThere(outputs));
  const tag = await pushImages(images, { outputs, region: settings.region, architectures });
  const variables = { image_tag: tag };
  await terraform.apply({ variables }, { ...agreement, question: `Apply this to ${asked.environment}?` });
  const { api_url: apiUrl, next_commands: nextCommands } = await terraform.outputs();
  console.log(`\n${apiUrl}\n\n${nextCommands}`);
});
