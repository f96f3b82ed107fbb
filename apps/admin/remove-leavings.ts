import { deleteArtifact } from '../../core/aws/artifacts/delete-artifact.ts';
import { listArtifacts } from '../../core/aws/artifacts/list-artifacts.ts';
import { deleteDownload } from '../../core/aws/downloads/delete-download.ts';
import { listDownloads } from '../../core/aws/downloads/list-downloads.ts';
import { deleteEvents } from '../../core/aws/events/delete-events.ts';
import { pagesOfSessionIds } from '../../core/aws/sessions/session-ids.ts';
import {
  downloadsPrefixOf,
  logsPrefixOf,
  recordingsPrefixOf,
  sessionIdInKey,
} from '../../core/domain/artifact-key.ts';
import { inBatches } from './in-batches.ts';
import type { Installation } from './installation.ts';

export interface RemovedLeavings {
  readonly downloads: number;
  readonly logSegments: number;
  readonly recordingFiles: number;
  readonly events: number;
}

/**
 * What the sessions of a project have left: their downloads, logs, recordings and events. Of a session that is in no table any more too,
 * as long as there is a file of it. What is listed goes before its file, so that nothing is listed that is not there.
 */
export async function removeLeavings(
  installation: Pick<Installation, 'artifacts' | 'downloads' | 'sessionEvents' | 'sessions'>,
  projectId: string,
): Promise<RemovedLeavings> {
  const bucket = await installation.artifacts();
  const files = await listArtifacts(bucket, downloadsPrefixOf(projectId));
  const segments = await listArtifacts(bucket, logsPrefixOf(projectId));
  const films = await listArtifacts(bucket, recordingsPrefixOf(projectId));
  const keys = [...files, ...segments, ...films];
  const sessionIds = new Set(keys.map(sessionIdInKey));
  for await (const page of pagesOfSessionIds(installation.sessions, projectId))
    for (const sessionId of page) sessionIds.add(sessionId);
  let events = 0;
  await inBatches([...sessionIds], async (sessionId) => {
    for (const { downloadId } of await listDownloads(installation.downloads, sessionId))
      await deleteDownload(installation.downloads, downloadId);
    const deleted = await deleteEvents(installation.sessionEvents, sessionId);
    events += deleted;
  });
  await inBatches(keys, (key) => deleteArtifact(bucket, key));
  return { downloads: files.length, logSegments: segments.length, recordingFiles: films.length, events };
}
