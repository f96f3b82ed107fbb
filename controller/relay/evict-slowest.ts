import { PROXY_CLOSES } from '../../core/domain/close-codes.ts';
import type { Relay } from './relay.ts';

/**
 * Keeps what waits for all clients together below `maxBytes`: whoever has most waiting goes first. A message alone always
 * has room. False when `sender` itself had to go.
 */
export function evictSlowest(
  relays: Iterable<Relay>,
  sender: Relay,
  { bytes, maxBytes }: { bytes: number; maxBytes: number },
): boolean {
  const waiting = [...relays].map((relay) => ({ relay, unsentBytes: relay.unsentBytes() }));
  waiting.sort((a, b) => b.unsentBytes - a.unsentBytes);
  let totalBytes = waiting.reduce((sum, { unsentBytes }) => sum + unsentBytes, 0);
  for (const { relay, unsentBytes } of waiting) {
    if (totalBytes === 0 || totalBytes + bytes <= maxBytes) return true;
    relay.close(PROXY_CLOSES.tooSlow);
    totalBytes -= unsentBytes;
    if (relay === sender) return false;
  }
  return true;
}
