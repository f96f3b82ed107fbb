import validate from 'contract:fetchPage';
import { systemClock } from '../../core/clock/system-clock.ts';
import { optional, readConfig } from '../../core/config/env.ts';
import { FETCH_SETTINGS } from '../../core/domain/setting-support.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { fetchPublic } from '../../core/public-network/fetch-public.ts';
import { lookupAll } from '../../core/public-network/lookup-all.ts';
import { networks } from '../../core/public-network/networks-setting.ts';
import { fetchPage } from './fetch-page.ts';

const config = readConfig(process.env, {
  allowedNetworks: ['ALLOWED_NETWORKS', optional(networks(), [])],
});
const network = { lookup: lookupAll, clock: systemClock, allowed: config.allowedNetworks };

export const handler = api(
  {
    logger: createProcessLogger('fetch-page', process.env),
    clock: systemClock,
    validate,
    settings: { rows: FETCH_SETTINGS },
  },
  fetchPage({ fetch: (url, options) => fetchPublic(network, url, options) }),
);
