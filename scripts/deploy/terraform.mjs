/** Terraform's commands on one environment. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './command-line.mjs';
import { capture, confirm, run } from './steps.mjs';

// What `plan -detailed-exitcode` ends with.
const NO_CHANGES = 0;
const CHANGES = 2;

const asVariables = (variables) => Object.entries(variables).map(([name, value]) => `-var=${name}=${value}`);

/** Throws a UsageError where nobody has written down yet which providers are meant. */
export function openTerraform({ environment, folder, stateBucket, region }) {
  const at = `-chdir=${folder}`;
  if (!existsSync(`${folder}/.terraform.lock.hcl`)) {
    // Without the modules, it would see none of the providers that only they name.
    const get = `terraform ${at} get`;
    const lock = `terraform ${at} providers lock -platform=linux_amd64 -platform=darwin_arm64`;
    throw new UsageError(
      `${folder}/.terraform.lock.hcl is missing. Make it once, and commit it:\n\n  ${get}\n  ${lock}`,
    );
  }
  const { planInto, applyPlan } = planning({ at, environment, region });
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

    /** What there is by the state, as {address, type}; none before the first apply. */
    resources: async () => {
      const state = await capture('terraform state pull', 'terraform', [at, 'state', 'pull']);
      // Of an environment that never was, there is not even an empty one.
      const { resources = [] } = JSON.parse(state || '{}');
      return resources
        .filter(({ mode, instances }) => mode === 'managed' && instances.length > 0)
        .map(({ module, type, name }) => ({
          address: [module, type, name].filter(Boolean).join('.'),
          type,
        }));
    },

    /** Shows what would change, and leaves it at that. */
    plan: (settings) => withPlanFile((file) => planInto(file, settings)),

    /** Shows what will change, asks, and applies exactly what was shown. */
    apply: (settings, agreement) =>
      withPlanFile(async (file) => {
        await planInto(file, settings);
        await applyPlan(file, agreement);
      }),

    /** As `apply`, but asks and applies only where something would change. Returns whether it did. */
    applyChanges: (settings, agreement) =>
      withPlanFile(async (file) => {
        const detailed = { ...settings, flags: ['-detailed-exitcode'] };
        if ((await planInto(file, detailed, [NO_CHANGES, CHANGES])) === NO_CHANGES) return false;
        await applyPlan(file, agreement);
        return true;
      }),
  };
}

/** The two halves of a change: what would be done, and doing just that. */
function planning({ at, environment, region }) {
  const planInto = (file, { variables, targets = [], flags = [] }, good) => {
    const args = [
      ...[at, 'plan', '-input=false', `-out=${file}`, ...flags],
      ...targets.map((target) => `-target=${target}`),
      ...asVariables({ region, ...variables }),
    ];
    return run(`terraform plan, ${environment}`, 'terraform', args, good);
  };
  const applyPlan = async (file, { question, isAgreed }) => {
    await confirm(question, environment, isAgreed);
    await run(`terraform apply, ${environment}`, 'terraform', [at, 'apply', '-input=false', file]);
  };
  return { planInto, applyPlan };
}

/** A saved plan holds secrets in the clear: it is outside of the repository, for this user only, and goes at the end. */
async function withPlanFile(use) {
  const folder = mkdtempSync(join(tmpdir(), 'wallcrawler-plan-'));
  try {
    return await use(join(folder, 'plan'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
