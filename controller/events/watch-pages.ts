import type { Clock } from '../../core/domain/clock.ts';
import { pageAddressOf } from '../../core/domain/page-address.ts';
import {
  type ChromeConnection,
  ChromeGoneError,
  ChromeRefusedError,
  type Json,
} from '../chrome/connection.ts';
import type { Emit } from './event-reporter.ts';
import { PAGE_LIMITS } from './limits.ts';

const PAGES = { discover: true, filter: [{ type: 'page' }] };
/** Where a tab is before it goes anywhere. */
const NOWHERE = ['', 'about:blank'];

interface WatchPagesOptions {
  readonly connection: Pick<ChromeConnection, 'call' | 'listen'>;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Of a process that died by this signal. */
  readonly isOutOfMemory: (signal: number) => boolean;
}

export interface PageWatch {
  /** Tells what is gathered by now, and no more. */
  stop(): void;
}

/** Tells which pages are opened, gathered over a moment, and which of them crash. */
export function watchPages(options: WatchPagesOptions): PageWatch {
  const visits = createVisits(options);
  void listenToTargets(options, visits).catch(ignoreGone);
  return visits;
}

type Visits = ReturnType<typeof createVisits>;

async function listenToTargets(
  { connection, emit, isOutOfMemory }: WatchPagesOptions,
  visits: Visits,
): Promise<void> {
  const { sessionId } = await connection.call('Target.attachToBrowserTarget');
  connection.listen(String(sessionId), (method, params) => {
    if (method === 'Target.targetCreated' || method === 'Target.targetInfoChanged') {
      const { targetId, type, url } = params.targetInfo as Json;
      if (type === 'page') visits.note(String(targetId), pageAddressOf(String(url)));
    } else if (method === 'Target.targetDestroyed') visits.forget(String(params.targetId));
    else if (method === 'Target.targetCrashed') {
      const pageId = String(params.targetId);
      const url = visits.addressOf(pageId);
      // A crash of something else than a page, as a worker, has no address here.
      emit('page.crashed', {
        pageId,
        ...(url === undefined ? {} : { url }),
        isOutOfMemory: params.status === 'oom' || isOutOfMemory(Number(params.errorCode)),
      });
    }
  });
  await connection.call('Target.setDiscoverTargets', PAGES, String(sessionId));
}

/**
 * Pages that went elsewhere. The first visits of a moment are told at once; whatever comes in it besides is gathered, so
 * that it is a few events, however often a page goes on and however many there are.
 */
function createVisits({ clock, emit }: Pick<WatchPagesOptions, 'clock' | 'emit'>) {
  const addresses = new Map<string, string>();
  const pending = new Map<string, Visit>();
  const toldNow = new Set<string>();
  let cancelTimer: (() => void) | undefined;

  function tell(pageId: string, visit: Visit, leftOut = 0): void {
    toldNow.add(pageId);
    emit('page.opened', { pageId, ...visit, ...(leftOut > 0 ? { leftOut } : {}) });
    cancelTimer ??= clock.setTimer(PAGE_LIMITS.gatherMs, flush);
  }

  function flush(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    toldNow.clear();
    const gathered = [...pending];
    pending.clear();
    const leftOut = gathered.length - PAGE_LIMITS.maxTold;
    for (const [index, [pageId, visit]] of gathered.slice(0, PAGE_LIMITS.maxTold).entries())
      tell(pageId, visit, index === PAGE_LIMITS.maxTold - 1 ? leftOut : 0);
  }

  return {
    note(pageId: string, url: string): void {
      if (NOWHERE.includes(url) || addresses.get(pageId) === url) return;
      if (addresses.has(pageId) || addresses.size < PAGE_LIMITS.maxKnown) addresses.set(pageId, url);
      const visit = { url, navigations: (pending.get(pageId)?.navigations ?? 0) + 1 };
      const isRoom = toldNow.size < PAGE_LIMITS.maxTold && !toldNow.has(pageId);
      if (isRoom && pending.size === 0) tell(pageId, visit);
      else pending.set(pageId, visit);
    },
    forget: (pageId: string) => void addresses.delete(pageId),
    addressOf: (pageId: string) => addresses.get(pageId),
    /** What is gathered by now. Nothing is told after it. */
    stop(): void {
      flush();
      cancelTimer?.();
    },
  };
}

interface Visit {
  readonly url: string;
  readonly navigations: number;
}

/** Chrome is gone already. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) throw error;
}
