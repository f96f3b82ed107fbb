import { fromEnv } from '@aws-sdk/credential-provider-env';
import { fromHttp } from '@aws-sdk/credential-provider-http';
import { chain, memoize } from '@smithy/core/config';
import { systemClock } from '../../clock/system-clock.ts';

type Init = NonNullable<Parameters<typeof fromEnv>[0]> & NonNullable<Parameters<typeof fromHttp>[0]>;

const REFRESH_BEFORE_MS = 5 * 60_000;

/**
 * Stands in for the SDK's own chain in every bundle (scripts/lean-packages-plugin.mjs): a Lambda has its credentials in the
 * environment, a task on Fargate asks the address that its environment names. Nothing else has bundles run.
 */
export const defaultProvider = (init: Init = {}) =>
  memoize(
    chain(fromEnv(init), async () => fromHttp(init)()),
    ({ expiration }) =>
      expiration !== undefined && expiration.getTime() - systemClock.now() < REFRESH_BEFORE_MS,
    ({ expiration }) => expiration !== undefined,
  );
