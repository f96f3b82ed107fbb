import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EndReason } from '../../core/domain/end-reason.ts';
import { CONTAINER_STOP } from '../../core/domain/timing.ts';
import { createLogger } from '../../core/log/logger.ts';
import type { Chrome, ChromeExit } from '../chrome/launch.ts';
import type { EndReport } from '../container-api/container-api.ts';
import { type ShutdownDeps, shutDown } from './shutdown.ts';

/** A Chrome that exits as `exit` says as soon as it is asked to close. No process: pid 0 would be our own group. */
function fakeChrome(exit: ChromeExit, steps: string[]): Chrome {
  const exited = Promise.withResolvers<ChromeExit>();
  return {
    pid: Number.NaN,
    connection: {
      call: async (method: string) => {
        steps.push(method);
        exited.resolve(exit);
        return {};
      },
    } as unknown as Chrome['connection'],
    exited: exited.promise,
    prepared: Promise.resolve(),
    memory: { explains: () => false },
    stderrTail: { read: () => 'stderr tail' } as unknown as Chrome['stderrTail'],
  };
}

const GOOD_EXIT: ChromeExit = { code: 0, signal: null };

interface Setting extends Partial<ShutdownDeps> {
  readonly exit?: ChromeExit;
  readonly report?: () => Promise<void>;
}

/** Runs a shutdown over fakes, and answers what happened in which order and what was reported. */
async function run(
  reason: EndReason,
  { exit = GOOD_EXIT, persist, report = async () => {}, ...deps }: Setting = {},
) {
  const steps: string[] = [];
  const reports: EndReport[] = [];
  await shutDown(
    { reason, exitCode: 0 },
    {
      proxy: {
        endSession: async ({ code, text }) => {
          steps.push(`clients are notified ${code} ${text}`);
        },
        close: async () => {
          steps.push('proxy closed');
        },
      } as NonNullable<ShutdownDeps['proxy']>,
      chrome: fakeChrome(exit, steps),
      api: {
        reportEnded: async (body) => {
          steps.push('reported');
          reports.push(body);
          await report();
        },
      },
      folder: {
        remove: async () => {
          steps.push('folder removed');
        },
      },
      logger: createLogger({}, () => {}),
      persist:
        persist &&
        (async (signal) => {
          steps.push('saved');
          return persist(signal);
        }),
      timeoutMs: 10_000,
      ageMs: () => 60_000,
      killNow: new AbortController().signal,
      tellEvents: async () => {
        steps.push('events told');
      },
      ...deps,
    },
  );
  return { steps, reports };
}

const refused = async (): Promise<never> => {
  throw new Error('The store answered 400 to PUT');
};

const t = suite('shutDown');

t('notifies clients, closes Chrome, saves, reports and removes, in this order', async () => {
  const { steps, reports } = await run('released', { persist: async () => ({ bytes: 42 }) });
  assert.equal(steps, [
    'clients are notified 4000 The session was released',
    'Browser.close',
    'saved',
    'events told',
    'reported',
    'folder removed',
    'proxy closed',
  ]);
  assert.equal(reports, [{ reason: 'released', savedProfileBytes: 42 }]);
});

/** Its own timer keeps no process alive. */
async function untilAborted(signal: AbortSignal): Promise<void> {
  const awake = setInterval(() => {}, 1_000);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(awake);
}

t('waits for downloads before Chrome is asked to close', async () => {
  const steps: string[] = [];
  await run('released', {
    chrome: fakeChrome(GOOD_EXIT, steps),
    finishDownloads: async () => {
      await new Promise(setImmediate);
      steps.push('downloads finished');
    },
    storeDownloads: async () => void steps.push('downloads stored'),
  });
  assert.equal(steps, ['downloads finished', 'Browser.close', 'downloads stored']);
});

t('hardly waits for downloads when the platform stops the container', async () => {
  const startedAtMs = performance.now();
  await run('platform_stopping', { timeoutMs: 600_000, finishDownloads: untilAborted });
  assert.ok(performance.now() - startedAtMs < CONTAINER_STOP.downloadFinishMs);
});

t('waits for downloads only for a share of its time, and not of a Chrome that is gone', async () => {
  await run('released', { timeoutMs: 400, finishDownloads: untilAborted });
  const crashed = fakeChrome({ code: null, signal: 'SIGKILL' }, []);
  await crashed.connection.call('Browser.crash');
  await run('browser_crashed', { chrome: crashed, timeoutMs: 600_000, finishDownloads: untilAborted });
});

t('reports no size of a profile that did not change, and that is a good end', async () => {
  const { steps, reports } = await run('released', { persist: async () => undefined });
  assert.ok(steps.includes('reported'));
  assert.equal(reports, [{ reason: 'released' }]);
});

t('tells what a good save replaced, and that stays a good end', async () => {
  const { reports } = await run('released', {
    persist: async () => ({ bytes: 42, note: 'It replaces one' }),
  });
  assert.equal(reports, [{ reason: 'released', detail: 'It replaces one', savedProfileBytes: 42 }]);
});

t('reports an end that lost its profile as such, and why', async () => {
  for (const [reason, text] of [
    ['released', 'The session was released'],
    ['timed_out', 'The session reached its timeout'],
  ] as const) {
    const { reports } = await run(reason, { persist: refused });
    assert.equal(reports, [
      {
        reason: 'profile_not_saved',
        detail: `${text}. The profile was not saved: The store answered 400 to PUT`,
      },
    ]);
  }
});

t('saves no profile of a Chrome that did not exit by itself', async () => {
  const persist = async () => assert.unreachable() as never;
  const { reports } = await run('disconnected', { persist, exit: { code: null, signal: 'SIGKILL' } });
  assert.is(reports[0]?.reason, 'profile_not_saved');
  assert.match(reports[0]?.detail ?? '', /not saved: Chrome was killed by SIGKILL/);
});

t('keeps a failure as the reason, beside the profile that was not saved', async () => {
  const stopped = await run('platform_stopping', { persist: refused });
  assert.is(stopped.reports[0]?.reason, 'platform_stopping');
  assert.match(stopped.reports[0]?.detail ?? '', /^The profile was not saved: The store answered 400/);
  const crashed = await run('browser_crashed', { persist: async () => assert.unreachable() as never });
  assert.equal(crashed.reports, [{ reason: 'browser_crashed', detail: 'The profile was not saved' }]);
});

t('says nothing of a profile that was not to be saved', async () => {
  assert.equal((await run('released')).reports, [{ reason: 'released' }]);
  const badArchive = await run('bad_archive', { persist: async () => assert.unreachable() as never });
  assert.equal(badArchive.reports, [{ reason: 'bad_archive' }]);
});

t('cleans up although nobody takes the report', async () => {
  const { steps } = await run('released', {
    report: async () => {
      throw new Error('the platform is gone');
    },
  });
  assert.equal(steps.slice(-3), ['reported', 'folder removed', 'proxy closed']);
});

t('gives a save all of the time but the report’s, and then ends it', async () => {
  const startedAtMs = performance.now();
  let savedForMs = 0;
  const untilAborted = async (signal: AbortSignal): Promise<never> => {
    // Its own timer keeps no process alive.
    const awake = setInterval(() => {}, 1_000);
    await once(signal, 'abort');
    clearInterval(awake);
    savedForMs = performance.now() - startedAtMs;
    throw new Error('there was no more time');
  };
  const { reports } = await run('released', { timeoutMs: 500, persist: untilAborted });
  assert.ok(savedForMs >= 449, `${savedForMs} ms`);
  assert.match(reports[0]?.detail ?? '', /The profile was not saved: there was no more time$/);
});

t('leaves a save undone when somebody asks twice', async () => {
  const twice = new AbortController();
  const untilAborted = (signal: AbortSignal) => {
    twice.abort();
    return Promise.reject(new Error(signal.aborted ? 'given up' : 'not notified'));
  };
  const { reports } = await run('platform_stopping', { killNow: twice.signal, persist: untilAborted });
  assert.match(reports[0]?.detail ?? '', /given up$/);
});

t('reports although there never was a Chrome, a proxy or a folder', async () => {
  const { steps, reports } = await run('start_failed', {
    chrome: undefined,
    proxy: undefined,
    folder: undefined,
  });
  assert.equal(steps, ['events told', 'reported']);
  assert.equal(reports, [{ reason: 'start_failed' }]);
});

t('reports when its clients are gone, and not while they are still being told', async () => {
  const gone = Promise.withResolvers<void>();
  let isReported = false;
  const ending = run('released', {
    proxy: { endSession: () => gone.promise, close: async () => {} },
    report: async () => {
      isReported = true;
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.is(isReported, false);
  gone.resolve();
  await ending;
  assert.is(isReported, true);
});

for (const [what, timeoutMs, isHurried, allowedMs] of [
  ['as long as that is worth', 110_000, false, CONTAINER_STOP.reportMs],
  ['its share of a short time', 50_000, false, 5_000],
  ['as long as one call takes at least', 1_000, false, CONTAINER_STOP.hurriedReportMs],
  ['hardly any time when somebody asked twice', 110_000, true, CONTAINER_STOP.hurriedReportMs],
] as const) {
  t(`gives the report ${what}`, async () => {
    const allowed: (number | undefined)[] = [];
    await run('released', {
      timeoutMs,
      killNow: isHurried ? AbortSignal.abort() : new AbortController().signal,
      chrome: undefined,
      api: { reportEnded: async (_, options) => void allowed.push(options?.timeoutMs) },
    });
    assert.equal(allowed, [allowedMs]);
  });
}

t(
  'stores the rest of the log when Chrome is closed, before the report: its last rows are there then',
  async () => {
    const seen: string[] = [];
    const { reports } = await run('released', {
      storeLog: async () => {
        await new Promise(setImmediate);
        seen.push('stored');
      },
      report: async () => void seen.push('reported'),
    });
    assert.equal(seen, ['stored', 'reported']);
    assert.equal(reports, [{ reason: 'released' }], 'a log that is lost makes no end worse');
  },
);

t('gives up the log when somebody asked twice', async () => {
  let isAborted = false;
  await run('released', {
    killNow: AbortSignal.abort(),
    chrome: undefined,
    storeLog: async (signal) => {
      isAborted = signal.aborted;
    },
  });
  assert.ok(isAborted);
});

t.run();
