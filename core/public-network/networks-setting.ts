import { list, type Parser } from '../config/env.ts';
import { type AllowedNetworks, parseAllowedNetworks } from './public-address.ts';

/** A setting such as `10.1.0.0/16, fd00:1::/48`. */
export const networks = (): Parser<AllowedNetworks> => (raw) => parseAllowedNetworks(list()(raw));
