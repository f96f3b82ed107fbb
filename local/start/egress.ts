import type { Addresses } from '../front/addresses.ts';
import type { MachineConfig } from './config.ts';

type EgressConfig = Pick<MachineConfig, 'egress' | 'allowedNetworks' | 'adHosts'>;

/** What each container is told of where its browser may go. */
export const egressEnvironment = (
  { egress, allowedNetworks, adHosts }: EgressConfig,
  { connectOrigin }: Pick<Addresses, 'connectOrigin'>,
): Readonly<Record<string, string>> => ({
  EGRESS_GUARD: egress,
  ALLOWED_NETWORKS: allowedNetworks,
  PUBLIC_CONNECT_ORIGIN: connectOrigin,
  ...(adHosts === undefined ? {} : { AD_HOSTS_FILE: adHosts }),
});

export function describeEgress({ egress, allowedNetworks }: Omit<EgressConfig, 'adHosts'>): string {
  if (egress === '0') return 'open: browsers reach what this machine reaches; WALLCRAWLER_EGRESS=1 guards it';
  const besides = allowedNetworks === '' ? '' : `, and ${allowedNetworks.replaceAll(',', ', ')}`;
  return `guarded: browsers reach the public network only${besides}`;
}
