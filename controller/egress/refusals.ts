import {
  PublicNetworkError,
  type PublicNetworkFault,
} from '../../core/public-network/public-network-error.ts';
import type { Destination } from './dial.ts';
import type { EgressLimits } from './limits.ts';
import { ProxyFailedError, type ProxyFault } from './proxy-failed.ts';

/** Why a browser was not let out, for people and programs. */
export type RefusalReason = 'not_public' | 'port' | 'domain';

export interface Refusal extends Destination {
  readonly reason: RefusalReason;
}

/** Which proxy led nowhere, and why. */
export interface ProxyFailure extends Destination {
  readonly reason: ProxyFault;
}

export interface ToldOfFaults {
  readonly onRefused: (refusal: Refusal) => void;
  readonly onProxyFailed: (failure: ProxyFailure) => void;
}

// What else can go wrong with a connection is no refusal: the site is not there, or too slow.
const REASONS: Readonly<Partial<Record<PublicNetworkFault, RefusalReason>>> = {
  'refused-address': 'not_public',
  'refused-port': 'port',
};

/** Tells of each once, and of so many at most: a page may ask for a million hosts. */
export function tellOnce<Told extends object>(
  tell: (told: Told) => void,
  { toldRefusals }: Pick<EgressLimits, 'toldRefusals'>,
): (told: Told) => void {
  const known = new Set<string>();
  return (told) => {
    const key = JSON.stringify(told);
    if (known.size >= toldRefusals || known.has(key)) return;
    known.add(key);
    tell(told);
  };
}

/** Tells which connections did not come about because they were refused, or because of a proxy. */
export function createRefusals(
  { onRefused, onProxyFailed }: ToldOfFaults,
  limits: Pick<EgressLimits, 'toldRefusals'>,
): (destination: Destination, error: unknown) => void {
  const tellRefusal = tellOnce(onRefused, limits);
  const tellFailure = tellOnce(onProxyFailed, limits);
  return ({ host, port }, error) => {
    if (error instanceof ProxyFailedError) return tellFailure({ host, port, reason: error.fault });
    const reason = error instanceof PublicNetworkError ? REASONS[error.fault] : undefined;
    if (reason !== undefined) tellRefusal({ host, port, reason });
  };
}
