import { getContext } from '../../core/aws/contexts/get-context.ts';
import {
  type ProfileVersion,
  pagesOfProfileVersions,
} from '../../core/aws/contexts/list-profile-versions.ts';
import { recordRestoredProfile } from '../../core/aws/contexts/record-restored-profile.ts';
import { restoreProfileVersion, savedByOf } from '../../core/aws/contexts/restore-profile-version.ts';
import { type Context, profileKeyOf } from '../../core/domain/context.ts';
import { isUuid } from '../../core/domain/ids.ts';
import { type Answer, listAnswer } from './answer.ts';
import type { Options } from './command-line.ts';
import { inBatches } from './in-batches.ts';
import type { Installation } from './installation.ts';
import { limitOption } from './options.ts';
import { recordAction } from './record-action.ts';
import { RefusedError, UsageError } from './refusal.ts';
import { liveSessions } from './sessions.ts';

export async function requireContext({ contexts }: Installation, contextId: string): Promise<Context> {
  if (!isUuid(contextId)) throw new UsageError('CONTEXT-ID is the id in "contexts list"');
  const context = await getContext(contexts, contextId);
  if (context === undefined) throw new RefusedError(`There is no context ${contextId}, or none any more`);
  return context;
}

/** What an operator sees of a version. */
type Row = Omit<ProfileVersion, 'isDeletion'> & { readonly savedBy?: string | undefined };

export async function listContextVersions(
  installation: Installation,
  contextId: string,
  options: Options,
): Promise<Answer> {
  const limit = limitOption(options.limit);
  const context = await requireContext(installation, contextId);
  const bucket = await installation.bucket();
  const found: ProfileVersion[] = [];
  for await (const page of pagesOfProfileVersions(bucket, profileKeyOf(context))) {
    found.push(...page.filter(({ isDeletion }) => !isDeletion));
    if (found.length > limit) break;
  }
  const savers = new Map<string, string | undefined>();
  await inBatches(found.slice(0, limit), async ({ versionId }) => {
    savers.set(versionId, await savedByOf(bucket, profileKeyOf(context), versionId));
  });
  const rows = found.map(
    ({ isDeletion: _, ...version }): Row => ({ ...version, savedBy: savers.get(version.versionId) }),
  );
  return listAnswer(rows, {
    limit,
    columns: [
      ['VERSION', ({ versionId }) => versionId],
      ['CURRENT', ({ isCurrent }) => (isCurrent ? 'yes' : 'no')],
      ['SAVED', ({ savedAt }) => savedAt],
      ['BYTES', ({ bytes }) => String(bytes)],
      ['SESSION', ({ savedBy }) => savedBy ?? '-'],
    ],
  });
}

/** Makes an earlier version the one that sessions start with. */
export async function restoreContextVersion(
  installation: Installation,
  [contextId = '', versionId = '']: readonly string[],
  options: Options,
): Promise<Answer> {
  const context = await requireContext(installation, contextId);
  const { projectId } = context;
  const isForced = options.force === true;
  const details = { projectId, versionId, isForced };
  return recordAction(installation, { action: 'contexts restore', target: contextId, details }, async () => {
    const version = await requireVersion(installation, context, versionId);
    if (!isForced) await requireNobodySaves(installation, context);
    const { contexts, clock } = installation;
    const bucket = await installation.bucket();
    const savedBy = await savedByOf(bucket, profileKeyOf(context), versionId);
    await restoreProfileVersion(bucket, profileKeyOf(context), versionId);
    const restored = { sizeBytes: version.bytes, savedBy, at: new Date(clock.now()) };
    await recordRestoredProfile(contexts, contextId, restored);
    return {
      json: { contextId, projectId, versionId, savedAt: version.savedAt, bytes: version.bytes },
      text: `Sessions of context ${contextId} start with the profile of ${version.savedAt} again`,
    };
  });
}

async function requireVersion(
  installation: Installation,
  context: Context,
  versionId: string,
): Promise<ProfileVersion> {
  for await (const page of pagesOfProfileVersions(await installation.bucket(), profileKeyOf(context))) {
    const found = page.find((version) => version.versionId === versionId && !version.isDeletion);
    if (found?.isCurrent) throw new RefusedError(`Version ${versionId} is the current one`);
    if (found !== undefined) return found;
  }
  throw new RefusedError(`There is no version ${versionId}, or none any more: see "contexts versions"`);
}

/** A session that still runs would save its own profile in place of what is restored here. */
async function requireNobodySaves(
  installation: Installation,
  { contextId, projectId }: Context,
): Promise<void> {
  const savers = (await liveSessions(installation, [projectId])).filter(
    (session) => session.contextId === contextId && session.persistContext === true,
  );
  if (savers.length === 0) return;
  const ids = savers.map(({ sessionId }) => sessionId).join(', ');
  throw new RefusedError(
    `Sessions that save this context still run, and would replace it again: ${ids}. End them, or give --force`,
  );
}
