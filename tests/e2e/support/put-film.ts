import { createArtifactsBucket } from '../../../core/aws/artifacts/artifacts-bucket.ts';
import { putArtifact } from '../../../core/aws/artifacts/put-artifact.ts';
import { recordingChunkKeyOf, recordingIndexKeyOf } from '../../../core/domain/artifact-key.ts';
import { FragmentReader } from '../../../core/mp4/fragment-reader.ts';
import { makeFragment, makeInit } from '../../../core/mp4/testing/make-film.ts';
import { ownerOf } from './owner.ts';
import type { Wallcrawler } from './wallcrawler.ts';

export const ARTIFACTS = 'wallcrawler-local-artifacts-000000000000';

/** Of no picture that could be seen. */
const FILM = Buffer.concat([makeInit(), makeFragment(0, [100])]);

/** The film of one page of a session that has ended, whatever Chrome it ran on. */
export async function putFilm(
  { dataDir }: Pick<Wallcrawler, 'dataDir'>,
  sessionId: string,
  film: Buffer = FILM,
): Promise<void> {
  const owner = { sessionId, projectId: 'local' };
  const bucket = createArtifactsBucket(ARTIFACTS, true, ownerOf(dataDir));
  const reader = new FragmentReader();
  const fragments = reader.push(film);
  const segments = fragments.map(({ bytes, durationMs }) => [bytes.length, durationMs]);
  const initBytes = reader.init.length;
  // What else an encoder writes is in no chunk.
  const chunk = Buffer.concat([reader.init, ...fragments.map(({ bytes }) => bytes)]);
  const chunks = [{ number: 0, part: 0, startedAtMs: Date.now(), initBytes, segments }];
  const index = { version: 1, url: 'https://example.com/', chunks };
  await putArtifact(bucket, recordingChunkKeyOf(owner, 0, 0), chunk);
  await putArtifact(bucket, recordingIndexKeyOf(owner, 0), Buffer.from(JSON.stringify(index)));
  bucket.client.destroy();
}
