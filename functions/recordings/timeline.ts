import { pageAddressOf } from '../../core/domain/page-address.ts';
import type { ReplayEvent } from '../../core/domain/replay.ts';
import type { EventType, SessionEvent } from '../../core/domain/session-event.ts';

/**
 * What a holder of a link is told of each event; undefined is nothing. Whoever has the link has no key: ids, sizes of the
 * machine and the words of a crash are for those who have.
 */
const SHOWN: Readonly<Record<EventType, readonly string[] | undefined>> = {
  'session.created': [],
  'session.claimed': undefined,
  'session.ready': [],
  'session.ended': ['reason'],
  'client.connected': ['clients'],
  'client.disconnected': ['clients'],
  'page.opened': ['url'],
  'download.completed': ['filename', 'sizeBytes'],
  'download.failed': ['filename', 'reason'],
  'recording.part': undefined,
  'recording.lost': ['sizeBytes'],
  'recording.stopped': ['reason'],
  'extension.loaded': ['name', 'version'],
  // Of whatever network its hosts are.
  'egress.refused': undefined,
  'proxy.failed': undefined,
  'context.replaced': undefined,
  'log.lost': undefined,
  'browser.crashed': [],
  'browser.out_of_memory': [],
  'page.crashed': ['url', 'isOutOfMemory'],
  'events.lost': undefined,
  'events.stopped': undefined,
};

/** Of an address, where it is: queries and what else was sent along may be secrets. */
const shown = (name: string, value: string | number | boolean) =>
  name === 'url' && typeof value === 'string' ? pageAddressOf(value) : value;

/** The events of a session for its replay, in the order of the time. */
export const timelineOf = (events: readonly SessionEvent[]): ReplayEvent[] =>
  events
    .flatMap(({ at, type, data }) => {
      const names = SHOWN[type];
      const atMs = Date.parse(at);
      if (names === undefined || Number.isNaN(atMs)) return [];
      const known = names.flatMap((name) => {
        const value = data[name];
        return value === undefined ? [] : [[name, shown(name, value)] as const];
      });
      return [{ atMs, type, data: Object.fromEntries(known) }];
    })
    .sort((one, other) => one.atMs - other.atMs);
