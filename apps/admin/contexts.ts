import { pagesOfContexts } from '../../core/aws/contexts/list-contexts.ts';
import { removeContext } from '../../core/aws/contexts/remove-context.ts';
import { scanAll } from '../../core/aws/dynamodb/scan-all.ts';
import type { Context } from '../../core/domain/context.ts';
import type { Project } from '../../core/domain/project.ts';
import { type Answer, listAnswer } from './answer.ts';
import type { Options } from './command-line.ts';
import { requireContext } from './context-versions.ts';
import type { Installation } from './installation.ts';
import { limitOption, projectsOption } from './options.ts';
import { recordAction } from './record-action.ts';

/** Those that were named, or all that there are. */
export async function projectIdsOf({ projects }: Installation, options: Options): Promise<readonly string[]> {
  const named = projectsOption(options.project);
  return named ?? (await scanAll<Project>(projects)).map(({ projectId }) => projectId).sort();
}

export async function listContexts(installation: Installation, options: Options): Promise<Answer> {
  const limit = limitOption(options.limit);
  let newest: Context[] = [];
  for (const projectId of await projectIdsOf(installation, options)) {
    let left = limit + 1;
    for await (const page of pagesOfContexts(installation.contexts, projectId)) {
      newest = [...newest, ...page.slice(0, left)]
        .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
        .slice(0, limit + 1);
      left -= page.length;
      if (left <= 0) break;
    }
  }
  return listAnswer(newest, {
    limit,
    columns: [
      ['ID', ({ contextId }) => contextId],
      ['PROJECT', ({ projectId }) => projectId, 'elastic'],
      ['NAME', ({ name }) => name ?? '-', 'elastic'],
      ['STATUS', ({ status }) => status],
      ['BYTES', ({ sizeBytes }) => (sizeBytes === undefined ? '-' : String(sizeBytes))],
      ['CREATED', ({ createdAt }) => createdAt],
      ['UPDATED', ({ updatedAt }) => updatedAt],
      ['LAST-SESSION', ({ lastSessionId }) => lastSessionId ?? '-'],
    ],
  });
}

export async function deleteContext(installation: Installation, contextId: string): Promise<Answer> {
  const context = await requireContext(installation, contextId);
  const { projectId } = context;
  const details = { projectId };
  return recordAction(installation, { action: 'contexts delete', target: contextId, details }, async () => {
    const { contexts, clock } = installation;
    await removeContext({ contexts, bucket: await installation.bucket() }, context, new Date(clock.now()));
    return { json: { contextId, projectId }, text: `Context ${contextId} of ${projectId} is deleted` };
  });
}
