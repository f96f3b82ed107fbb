import { CUT_OFF, SERVICE_RESTART } from '../../core/domain/close-codes.ts';
import type { Emit } from '../events/event-reporter.ts';
import type { SessionLog } from '../logs/session-log.ts';
import type { Departed } from '../proxy/clients.ts';
import type { ProxyEvents } from '../proxy/server.ts';
import type { Deadlines } from './deadlines.ts';
import type { SessionEnd } from './end-decision.ts';
import type { Heartbeat } from './heartbeat.ts';

/**
 * Sent away by something on its way that restarts; or cut off without a word by it, which a client whose way has nothing on
 * it cannot be: then it is the client that has gone.
 */
const mayComeBack = ({ closeCode, isForwarded }: Departed): boolean =>
  closeCode === SERVICE_RESTART || (isForwarded && closeCode === CUT_OFF);

/** What clients do, as far as it moves the session's clocks or ends it. */
export function createClientEvents(
  deadlines: Pick<Deadlines, 'clientsChanged' | 'noteActivity'>,
  heartbeat: Pick<Heartbeat, 'beatNow'>,
  end: Pick<SessionEnd, 'decide'>,
  emit: Emit,
  /** Who hears what clients ask. */
  taps: readonly (Pick<SessionLog, 'tap'> | undefined)[] = [],
): ProxyEvents {
  let hadClients = false;
  return {
    onCdpClients(count, left) {
      if (left === undefined) emit('client.connected', { clients: count });
      else emit('client.disconnected', { clients: count, closeCode: left.closeCode });
      deadlines.clientsChanged(count, left !== undefined && mayComeBack(left));
      if (count > 0 !== hadClients) heartbeat.beatNow();
      hadClients = count > 0;
    },
    onCommand: () => deadlines.noteActivity(),
    onBrowserClose: () => end.decide('browser_closed'),
    onCdpChannel(channel) {
      for (const each of taps) each?.tap(channel);
    },
  };
}
