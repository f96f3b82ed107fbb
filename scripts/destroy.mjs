/**
 * Destroys an environment with everything that is stored in it. Runs in the package's root.
 *
 *   npm run destroy -- dev [--yes]
 *
 * --yes does not ask. The state is in the bucket WALLCRAWLER_STATE_BUCKET; AWS_REGION (us-west-2) and credentials are
 * the AWS SDK's. Not prod: docs/runbooks/destroy.md says what to do by hand.
 */
import { parseCommandLine, readSettings, UsageError } from './deploy/command-line.mjs';
import { run, runMain } from './deploy/steps.mjs';
import { openTerraform } from './deploy/terraform.mjs';
import { showHelp } from './deploy/usage.mjs';

const KEPT = 'prod';
// Terraform wants one, and none is used.
const NO_IMAGE = 'none';
// What `enable_deletion_protection` protects.
const PROTECTED = new Set([
  'aws_dynamodb_table',
  'aws_ecr_repository',
  'aws_lb',
  'aws_s3_bucket',
  'aws_secretsmanager_secret',
]);

await runMain(async () => {
  const args = process.argv.slice(2);
  if (showHelp(import.meta.url, args)) return;
  const asked = parseCommandLine(args, ['yes']);
  const { environment, yes: isAgreed } = asked;
  if (environment === KEPT) {
    throw new UsageError(`${KEPT} is not destroyed by one command: see docs/runbooks/destroy.md`);
  }
  const terraform = openTerraform({ ...asked, ...readSettings(process.env) });
  // Terraform reads the zips even to destroy what was made of them.
  await run('build', 'npm', ['run', 'build', '--', '--quiet']);
  await terraform.init();
  // Not by the outputs: a destroy that ended half-way has taken them away.
  const resources = await terraform.resources();
  if (resources.length === 0) throw new UsageError(`There is nothing of ${environment} in this state`);
  const variables = { image_tag: NO_IMAGE, enable_deletion_protection: false };
  // What holds data refuses to be destroyed, until this is applied; to it alone, because what is missing stays missing.
  const targets = resources.filter(({ type }) => PROTECTED.has(type)).map(({ address }) => address);
  if (targets.length > 0) {
    await terraform.apply(
      { variables, targets },
      { isAgreed, question: `Lift the deletion protection of ${environment}?` },
    );
  }
  await terraform.apply(
    { variables, flags: ['-destroy'] },
    { isAgreed, question: `Destroy ${environment}, with all sessions, contexts and keys?` },
  );
});
