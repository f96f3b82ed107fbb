import type { Chrome } from '../chrome/launch.ts';
import type { Refusal } from '../egress/refusals.ts';
import { inTime } from './browser.ts';
import type { StartOptions } from './start.ts';

/** Where a session names domains, its pages go to no others: from before its first client comes. */
export async function keepPages(
  { connection }: Pick<Chrome, 'connection'>,
  { assignment, emit, logger }: Pick<StartOptions, 'assignment' | 'emit' | 'logger'>,
): Promise<void> {
  const { allowedDomains: domains } = assignment.settings;
  if (domains.length === 0) return;
  const [{ keepToDomains }, { tellOnce }, { EGRESS_LIMITS }] = await Promise.all([
    import('../egress/keep-to-domains.ts'),
    import('../egress/refusals.ts'),
    import('../egress/limits.ts'),
  ]);
  const onRefused = tellOnce<Refusal>((refusal) => {
    logger.info('a page was not let go elsewhere', { ...refusal });
    emit('egress.refused', { ...refusal });
  }, EGRESS_LIMITS);
  await inTime(keepToDomains({ connection, domains, onRefused }));
}
