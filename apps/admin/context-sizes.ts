import { pagesOfContexts } from '../../core/aws/contexts/list-contexts.ts';
import { profileSizeOf } from '../../core/aws/contexts/profile-size.ts';
import { profileKeyOf } from '../../core/domain/context.ts';
import { type Answer, listAnswer } from './answer.ts';
import type { Options } from './command-line.ts';
import { projectIdsOf } from './contexts.ts';
import { inBatches } from './in-batches.ts';
import type { Installation } from './installation.ts';

export interface SizeRow {
  readonly projectId: string;
  readonly contexts: number;
  /** Those that have an archive. */
  readonly archives: number;
  readonly bytes: number;
  readonly largestBytes: number;
}

/** As the bucket has them: what a client uploaded by itself is in no table. Replaced versions are not counted. */
async function sizeOf(installation: Installation, projectId: string): Promise<SizeRow> {
  const bucket = await installation.bucket();
  const row = { projectId, contexts: 0, archives: 0, bytes: 0, largestBytes: 0 };
  for await (const page of pagesOfContexts(installation.contexts, projectId)) {
    row.contexts += page.length;
    await inBatches(page, async (context) => {
      const bytes = await profileSizeOf(bucket, profileKeyOf(context));
      if (bytes === undefined) return;
      row.archives += 1;
      row.bytes += bytes;
      row.largestBytes = Math.max(row.largestBytes, bytes);
    });
  }
  return row;
}

export async function showContextSizes(installation: Installation, options: Options): Promise<Answer> {
  const rows: SizeRow[] = [];
  for (const projectId of await projectIdsOf(installation, options))
    rows.push(await sizeOf(installation, projectId));
  return listAnswer(rows, {
    columns: [
      ['PROJECT', ({ projectId }) => projectId],
      ['CONTEXTS', ({ contexts }) => String(contexts)],
      ['ARCHIVES', ({ archives }) => String(archives)],
      ['BYTES', ({ bytes }) => String(bytes)],
      ['LARGEST', ({ largestBytes }) => String(largestBytes)],
    ],
  });
}
