import type { Clock } from '../../core/domain/clock.ts';
import { RECORDING } from '../../core/domain/recording.ts';
import type { ArtifactRef, ContainerApi } from '../container-api/container-api.ts';
import { RequestFailedError, readText, sendRequest } from '../container-api/http-request.ts';
import type { ChunkStoreDeps } from './chunk-store.ts';
import { RECORDER_LIMITS } from './limits.ts';

/** Try again later, with another URL: 403 is one whose time is over. */
const MAY_PASS: readonly number[] = [403, 408, 429];

interface KeptUrl {
  readonly url: string;
  readonly untilMs: number;
}

/** Stores chunks and indices by URLs that the platform signs for one object each, several at once. */
export function putRecordingBy(
  api: Pick<ContainerApi, 'signArtifactUrls'>,
  clock: Clock,
): Pick<ChunkStoreDeps, 'putChunk' | 'putIndex' | 'isWorthARetry'> {
  const kept = new Map<string, KeptUrl>();

  async function urlOf(artifact: ArtifactRef, signal: AbortSignal): Promise<string> {
    const known = kept.get(nameOf(artifact));
    if (known !== undefined && known.untilMs > clock.now()) return known.url;
    const wanted = [artifact, ...nextOf(artifact)];
    const once = { signal, timeoutMs: RECORDER_LIMITS.answerMs, backoff: [] };
    const urls = await api.signArtifactUrls(wanted, once);
    const untilMs = clock.now() + RECORDER_LIMITS.urlsKeptMs;
    kept.clear();
    for (const [at, each] of wanted.entries()) kept.set(nameOf(each), { url: urls[at] ?? '', untilMs });
    return urls[0] ?? '';
  }

  async function put(artifact: ArtifactRef, body: Buffer, signal: AbortSignal): Promise<void> {
    const url = await urlOf(artifact, signal);
    const answer = await sendRequest({
      method: 'PUT',
      url,
      // Exactly these: a presigned PUT refuses headers that were not signed with it.
      headers: { 'content-length': body.length },
      body,
      silenceMs: RECORDER_LIMITS.answerMs,
      signal,
    });
    await readText(answer);
    const status = answer.statusCode ?? 0;
    if (status === 200) return;
    kept.clear();
    const message = `the store answered ${status} to a part of the recording`;
    throw status >= 500 || MAY_PASS.includes(status) ? new RequestFailedError(message) : new Error(message);
  }

  return {
    putChunk: (page, chunk, body, signal) => put({ kind: 'recording', page, chunk }, body, signal),
    putIndex: (page, body, signal) => put({ kind: 'recording-index', page }, body, signal),
    isWorthARetry: (error) => error instanceof RequestFailedError,
  };
}

const nameOf = (artifact: ArtifactRef): string => JSON.stringify(artifact);

/** What will most likely be stored after it. */
function nextOf(artifact: ArtifactRef): readonly ArtifactRef[] {
  if (artifact.kind !== 'recording') return [];
  const { page, chunk } = artifact;
  const left = Math.min(RECORDER_LIMITS.urlsAtOnce, RECORDING.maxChunksOfPage - chunk) - 1;
  const following = Array.from(
    { length: left },
    (_, at): ArtifactRef => ({
      kind: 'recording',
      page,
      chunk: chunk + at + 1,
    }),
  );
  return [...following, { kind: 'recording-index', page }];
}
