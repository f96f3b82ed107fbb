import { listAuditEntries } from '../../core/aws/audit/audit-log.ts';
import { type Answer, listAnswer } from './answer.ts';
import type { Options } from './command-line.ts';
import type { Installation } from './installation.ts';
import { limitOption } from './options.ts';

export async function listAudit({ audit }: Installation, options: Options): Promise<Answer> {
  const limit = limitOption(options.limit);
  return listAnswer(await listAuditEntries(audit, limit + 1), {
    limit,
    columns: [
      ['AT', ({ at }) => at],
      ['WHO', ({ who }) => who, 'elastic'],
      ['ACTION', ({ action }) => action],
      ['TARGET', ({ target }) => target ?? '-'],
      ['OUTCOME', ({ outcome }) => outcome ?? 'unknown'],
      ['DETAILS', ({ details }) => (details === undefined ? '-' : JSON.stringify(details)), 'elastic'],
      ['REASON', ({ reason }) => reason ?? '-', 'elastic'],
    ],
  });
}
