/** What `npm run deploy` and `npm run destroy` are asked to do, and where. */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** A mistake in the command line or the environment: one sentence, exit code 2. */
export class UsageError extends Error {
  name = 'UsageError';
}

const ENVIRONMENTS = 'terraform/envs';
const DEFAULT_REGION = 'us-west-2';

const FLAGS = {
  plan: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
};

/** The flags that are in `names`, and the one environment, which has to be a folder of terraform/envs. */
export function parseCommandLine(args, names) {
  const options = Object.fromEntries(names.map((name) => [name, FLAGS[name]]));
  const { values, positionals } = parseOrExplain(args, options);
  const environments = readdirSync(ENVIRONMENTS).sort();
  const [environment, ...others] = positionals;
  if (environment === undefined)
    throw new UsageError(`Which environment? One of: ${environments.join(', ')}`);
  if (!environments.includes(environment)) {
    throw new UsageError(`There is no environment "${environment}"; there are: ${environments.join(', ')}`);
  }
  if (others.length > 0) throw new UsageError(`One environment at a time, not also "${others[0]}"`);
  if (values.plan && values.yes)
    throw new UsageError('--plan applies nothing, so there is nothing for --yes');
  return { environment, folder: `${ENVIRONMENTS}/${environment}`, ...values };
}

function parseOrExplain(args, options) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error.message.split('. ')[0]);
  }
}

/** Where the state is kept, and the region of everything but the edge. */
export function readSettings(env) {
  const stateBucket = env.WALLCRAWLER_STATE_BUCKET;
  if (!stateBucket) {
    throw new UsageError(
      'WALLCRAWLER_STATE_BUCKET is missing: the state_bucket that terraform/bootstrap printed (docs/runbooks/first-deploy.md)',
    );
  }
  return { stateBucket, region: env.AWS_REGION || env.AWS_DEFAULT_REGION || DEFAULT_REGION };
}
