import { type EndedSession, pagesOfEndedSessions } from '../../core/aws/sessions/usage-rows.ts';
import { HISTORY_DAYS } from '../../core/domain/timing.ts';
import { type Answer, tableOf } from './answer.ts';
import type { Options } from './command-line.ts';
import type { Installation } from './installation.ts';
import { integerOption, projectsOption } from './options.ts';

const DAY_MS = 86_400_000;

/** What the sessions of a project used that ended on one day (UTC). A session that runs counts on its last day. */
export interface UsageRow {
  readonly day: string;
  readonly projectId: string;
  readonly sessions: number;
  /** Of them, those that ended as an error. */
  readonly failed: number;
  readonly browserMinutes: number;
  readonly proxyBytes: number;
}

const dayOf = (iso: string): string => iso.slice(0, 'YYYY-MM-DD'.length);

/** Sums as the pages come: what is kept grows with days and projects, never with sessions. */
export async function sumUsage(pages: AsyncIterable<readonly EndedSession[]>): Promise<UsageRow[]> {
  const rows = new Map<string, UsageRow>();
  for await (const page of pages) {
    for (const { endedAt, projectId, status, browserMinutes = 0, proxyBytes } of page) {
      const day = dayOf(endedAt);
      const key = `${day} ${projectId}`;
      const row = rows.get(key);
      rows.set(key, {
        day,
        projectId,
        sessions: (row?.sessions ?? 0) + 1,
        failed: (row?.failed ?? 0) + (status === 'FAILED' ? 1 : 0),
        browserMinutes: (row?.browserMinutes ?? 0) + browserMinutes,
        proxyBytes: (row?.proxyBytes ?? 0) + proxyBytes,
      });
    }
  }
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const COLUMNS = [
  ['DAY', ({ day }: UsageRow) => day],
  ['PROJECT', ({ projectId }: UsageRow) => projectId],
  ['SESSIONS', ({ sessions }: UsageRow) => String(sessions)],
  ['FAILED', ({ failed }: UsageRow) => String(failed)],
  ['BROWSER-MINUTES', ({ browserMinutes }: UsageRow) => String(browserMinutes)],
  ['PROXY-BYTES', ({ proxyBytes }: UsageRow) => String(proxyBytes)],
] as const;

async function* pagesOfAll(
  { sessions }: Installation,
  days: { from: string; until: string },
  ids?: readonly string[],
) {
  for (const projectId of ids ?? [undefined]) yield* pagesOfEndedSessions(sessions, { ...days, projectId });
}

export async function showUsage(installation: Installation, options: Options): Promise<Answer> {
  const projectIds = projectsOption(options.project);
  const days = integerOption('days', options.days, { fallback: HISTORY_DAYS, min: 1, max: HISTORY_DAYS });
  const nowMs = installation.clock.now();
  const from = `${dayOf(new Date(nowMs - (days - 1) * DAY_MS).toISOString())}T00:00:00.000Z`;
  const until = new Date(nowMs + DAY_MS).toISOString();
  const rows = await sumUsage(pagesOfAll(installation, { from, until }, projectIds));
  const total = (of: (row: UsageRow) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
  return {
    json: rows,
    table: tableOf(rows, COLUMNS),
    text: `${total(({ sessions }) => sessions)} sessions ended in ${days} days, with ${total(({ browserMinutes }) => browserMinutes)} browser minutes`,
  };
}
