import type { Clock } from '../../core/domain/clock.ts';
import type { LookupAll } from '../../core/public-network/resolve-host.ts';
import type { EgressLimits } from './limits.ts';

interface Known {
  readonly addresses: ReturnType<LookupAll>;
  readonly untilMs: number;
}

/**
 * A name service that is asked for few names at once, and once for each name while its answer is fresh. What it answers is
 * checked each time it is used.
 */
export function createLookups(
  lookup: LookupAll,
  clock: Pick<Clock, 'now'>,
  { lookups, lookupKeptMs, lookupsKept }: Pick<EgressLimits, 'lookups' | 'lookupKeptMs' | 'lookupsKept'>,
): LookupAll {
  const known = new Map<string, Known>();
  const waiting: (() => void)[] = [];
  let running = 0;

  async function ask(host: string) {
    if (running >= lookups) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await lookup(host);
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  }

  return (host) => {
    const fresh = known.get(host);
    if (fresh !== undefined && clock.now() < fresh.untilMs) return fresh.addresses;
    const addresses = ask(host);
    known.delete(host);
    known.set(host, { addresses, untilMs: clock.now() + lookupKeptMs });
    // What failed is asked again.
    addresses.catch(() => known.delete(host));
    const [oldest] = known.keys();
    if (known.size > lookupsKept && oldest !== undefined) known.delete(oldest);
    return addresses;
  };
}
