import type { AllowedNetworks } from './public-address.ts';
import type { Target } from './read-target.ts';
import { type LookupAll, type ResolvedHost, resolveHost } from './resolve-host.ts';

export interface ResolvedTarget extends Target, ResolvedHost {}

export async function resolveTarget(
  target: Target,
  lookup: LookupAll,
  allowed: AllowedNetworks,
): Promise<ResolvedTarget> {
  return { ...target, ...(await resolveHost(target.host, lookup, allowed)) };
}
