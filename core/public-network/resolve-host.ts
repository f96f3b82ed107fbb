import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { type AllowedNetworks, isAllowedAddress, isPublicAddress } from './public-address.ts';
import { PublicNetworkError } from './public-network-error.ts';

/** All addresses of a name, as `dns.promises.lookup` with `all` answers them. */
export type LookupAll = (host: string) => Promise<readonly LookupAddress[]>;

export interface ResolvedHost {
  /** At least one; all of them may be dialled, and nothing else. */
  readonly addresses: readonly LookupAddress[];
  /** Whether all of them are of the owner's own networks. */
  readonly isAllowed: boolean;
}

/** Asks for the addresses of a host, once, and keeps the public ones and those of an owner's networks. */
export async function resolveHost(
  host: string,
  lookup: LookupAll,
  allowed: AllowedNetworks,
): Promise<ResolvedHost> {
  const family = isIP(host);
  const found = family === 0 ? await lookupName(host, lookup) : [{ address: host, family }];
  const isOwn = ({ address }: LookupAddress) => isAllowedAddress(address, allowed);
  const addresses = found.filter((each) => isOwn(each) || isPublicAddress(each.address));
  if (addresses.length === 0)
    throw new PublicNetworkError(
      'refused-address',
      `${host} has no address on the public network, and its network is not allowed here (docs/fetch.md)`,
    );
  return { addresses, isAllowed: addresses.every(isOwn) };
}

async function lookupName(host: string, lookup: LookupAll): Promise<readonly LookupAddress[]> {
  const found = await lookup(host).catch((cause: unknown) => {
    throw new PublicNetworkError('unknown-host', `${host} could not be resolved`, cause);
  });
  if (found.length === 0) throw new PublicNetworkError('unknown-host', `${host} could not be resolved`);
  return found;
}
