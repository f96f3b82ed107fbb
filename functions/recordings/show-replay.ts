import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { AppError } from '../../core/domain/errors.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import type { ApiResponse } from '../../core/http/response.ts';
import { type LinkDeps, openReplayLink } from './open-replay-link.ts';
import { REPLAY_PAGE, refusalPage, replayHeaders } from './replay-page.ts';

export interface ShowReplayDeps extends LinkDeps {
  /** Where the film's pieces are read. */
  readonly filmOrigin: () => Promise<string>;
}

const PAGE = { plain: Buffer.from(REPLAY_PAGE), zipped: gzipSync(REPLAY_PAGE, { level: 9 }) };

/** Small as it is, most of it is the player: nothing on its way to a browser makes it smaller. */
const takesGzip = (accepted = ''): boolean =>
  /(?:^|,)\s*gzip\s*(?:;\s*q=(?:1|0\.\d*[1-9])\d*\s*)?(?:,|$)/i.test(accepted);

/** GET /replay/{token}: the page that plays a session's recording. It asks for the rest itself. */
export const showReplay =
  (deps: ShowReplayDeps) =>
  async (request: ApiRequest): Promise<ApiResponse> => {
    const headers = replayHeaders(await deps.filmOrigin());
    const refusal = await openReplayLink(deps, request).then(() => undefined, refusalOf);
    if (refusal !== undefined) {
      const title = refusal.message.split('. ')[0] ?? '';
      return { status: refusal.status, headers, stream: streamOf(Buffer.from(refusalPage(title))) };
    }
    if (!takesGzip(request.headers['accept-encoding']))
      return { status: 200, headers, stream: streamOf(PAGE.plain) };
    return {
      status: 200,
      headers: { ...headers, 'content-encoding': 'gzip' },
      stream: streamOf(PAGE.zipped),
    };
  };

function refusalOf(error: unknown): AppError {
  if (error instanceof AppError && error.code === 'REPLAY_LINK_REFUSED') return error;
  throw error;
}

const streamOf = (bytes: Buffer): Readable => Readable.from([bytes], { objectMode: false });
