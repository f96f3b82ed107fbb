/** Terraform's commands on one environment. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './command-line.mjs';
import { capture, confirm, run } from './steps.mjs';

const asVariables = (variables) => Object.entries(variables).map(([name, value]) => `-var=${name}=${value}`);

/** Throws a UsageError where nobody has written down yet which providers are meant. */
export function openTerraform({ environment, folder, stateBucket, region }) {
  const at = `-chdir=${folder}`;
  if (!existsSync(`${folder}/.terraform.lock.hcl`)) {
    const lock = `terraform ${at} providers lock -platform=linux_amd64 -platform=darwin_arm64`;
    throw new UsageError(
      `${folder}/.terraform.lock.hcl is missing. Make it once, and commit it:\n\n  ${lock}`,
    );
  }
  const planInto = (file, { variables, targets = [], flags = [] }) =>
    run(`terraform plan, ${environment}`, 'terraform', [
      ...[at, 'plan', '-input=false', `-out=${file}`, ...flags],
      ...targets.map((target) => `-target=${target}`),
      ...asVariables({ region, ...variables }),
    ]);
  return {
    /** With the providers of the lock file, and no others. */
    init: () =>
      run(`terraform init, ${environment}`, 'terraform', [
        ...[at, 'init', '-input=false', '-reconfigure', '-lockfile=readonly'],
        `-backend-config=bucket=${stateBucket}`,
        `-backend-config=region=${region}`,
      ]),

    /** All outputs by name; none before the first apply. */
    outputs: async () => {
      const described = JSON.parse(await capture('terraform output', 'terraform', [at, 'output', '-json']));
      return Object.fromEntries(Object.entries(described).map(([name, { value }]) => [name, value]));
    },

    /** Shows what would change, and leaves it at that. */
    plan: (settings) => withPlanFile((file) => planInto(file, settings)),

    /** Shows what will change, asks, and applies exactly what was shown. */
    apply: (settings, { question, isAgreed }) =>
      withPlanFile(async (file) => {
        await planInto(file, settings);
        await confirm(question, environment, isAgreed);
        await run(`terraform apply, ${environment}`, 'terraform', [at, 'apply', '-input=false', file]);
      }),
  };
}

/** A saved plan holds secrets in the clear: it is outside of the repository, for this user only, and goes at the end. */
async function withPlanFile(use) {
  const folder = mkdtempSync(join(tmpdir(), 'wallcrawler-plan-'));
  try {
    await use(join(folder, 'plan'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
