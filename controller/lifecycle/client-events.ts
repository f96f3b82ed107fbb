import { SERVICE_RESTART } from '../../core/domain/close-codes.ts';
import type { ProxyEvents } from '../proxy/server.ts';
import type { Deadlines } from './deadlines.ts';
import type { SessionEnd } from './end-decision.ts';
import type { Heartbeat } from './heartbeat.ts';

/** What clients do, as far as it moves the session's clocks or ends it. */
export function createClientEvents(
  deadlines: Pick<Deadlines, 'clientsChanged' | 'noteActivity'>,
  heartbeat: Pick<Heartbeat, 'beatNow'>,
  end: Pick<SessionEnd, 'decide'>,
): ProxyEvents {
  let hadClients = false;
  return {
    onCdpClients(count, closeCode) {
      deadlines.clientsChanged(count, closeCode === SERVICE_RESTART);
      if (count > 0 !== hadClients) heartbeat.beatNow();
      hadClients = count > 0;
    },
    onCommand: () => deadlines.noteActivity(),
    onBrowserClose: () => end.decide('browser_closed'),
  };
}
