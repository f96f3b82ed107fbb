import type { CloseNote } from '../../core/domain/close-codes.ts';
import type { Relay } from '../relay/relay.ts';
import type { ClientKind } from './authorize-upgrade.ts';

/** How a client left. */
export interface Departed {
  readonly closeCode: number;
  /** Its handshake came by something else, as the router: that may cut it off. */
  readonly isForwarded: boolean;
}

/** Who is connected. Only CDP clients count as such: not who watches, no page's script, not the controller's own check. */
export function createClientTable(onCdpCount: (count: number, left?: Departed) => void) {
  const kinds = new Map<Relay, ClientKind>();
  let emptied = Promise.withResolvers<void>();
  const count = (kind: ClientKind) => [...kinds.values()].filter((other) => other === kind).length;

  return {
    add(relay: Relay, kind: ClientKind): void {
      if (kinds.size === 0) emptied = Promise.withResolvers<void>();
      kinds.set(relay, kind);
      if (kind === 'cdp') onCdpCount(count('cdp'));
    },
    remove(relay: Relay, left: Departed): void {
      const kind = kinds.get(relay);
      kinds.delete(relay);
      if (kinds.size === 0) emptied.resolve();
      if (kind === 'cdp') onCdpCount(count('cdp'), left);
    },
    close(note: CloseNote): void {
      for (const relay of [...kinds.keys()]) relay.close(note);
    },
    cut(): void {
      for (const relay of [...kinds.keys()]) relay.cut();
    },
    /** Resolves when nobody is left. */
    whenEmpty: (): Promise<void> => (kinds.size === 0 ? Promise.resolve() : emptied.promise),
    relays: (): readonly Relay[] => [...kinds.keys()],
    size: (): number => kinds.size,
    countCdp: (): number => count('cdp'),
    countByKind: (): Readonly<Record<string, number>> => ({
      cdp: count('cdp'),
      'in-page': count('in-page'),
      live: count('live'),
    }),
  };
}

export type ClientTable = ReturnType<typeof createClientTable>;
