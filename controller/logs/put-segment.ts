import type { ContainerApi } from '../container-api/container-api.ts';
import { RequestFailedError, readText, sendRequest } from '../container-api/http-request.ts';
import type { PutSegment } from './segment-store.ts';

/** Of either: the segment can wait, and the ones behind it with it. */
const ANSWER_MS = 10_000;
/** Try again later, with another URL: 403 is one whose time is over. */
const MAY_PASS: readonly number[] = [403, 408, 429];

/** Stores segments by URLs that the platform signs for one object each. */
export const putSegmentBy =
  (api: Pick<ContainerApi, 'signArtifactUrls'>): PutSegment =>
  async (sequence, body, signal) => {
    const once = { signal, timeoutMs: ANSWER_MS, backoff: [] };
    const [url = ''] = await api.signArtifactUrls([{ kind: 'log', sequence }], once);
    const answer = await sendRequest({
      method: 'PUT',
      url,
      // Exactly these: a presigned PUT refuses headers that were not signed with it.
      headers: { 'content-length': body.length },
      body,
      silenceMs: ANSWER_MS,
      signal,
    });
    await readText(answer);
    const status = answer.statusCode ?? 0;
    if (status === 200) return;
    const message = `the store answered ${status} to a segment of the log`;
    throw status >= 500 || MAY_PASS.includes(status) ? new RequestFailedError(message) : new Error(message);
  };
