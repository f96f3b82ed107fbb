/*! With hls.js, Apache-2.0, https://github.com/video-dev/hls.js */
import Hls, {
  type HlsConfig,
  type Loader,
  type LoaderCallbacks,
  type LoaderConfiguration,
  type LoaderContext,
} from 'hls.js/light';
import { createLinks, type Links } from './links.ts';

/** The least that our film asks of a decoder: AV1 main, up to 1280 x 720. */
const CODEC = 'video/mp4; codecs="av01.0.05M.08"';
/** URLs are good for an hour. */
const MAX_URL_AGE_MS = 45 * 60_000;
/** By the store, of a URL that is not good any more. */
const REFUSED = 403;
/** Of the film, ahead and behind: at eight times the speed this is seconds. */
const AHEAD_SECONDS = 120;
const BEHIND_SECONDS = 120;

interface WithMediaSource {
  readonly ManagedMediaSource?: typeof MediaSource;
  readonly MediaSource?: typeof MediaSource;
}

export function canPlay(): boolean {
  const { ManagedMediaSource, MediaSource } = globalThis as WithMediaSource;
  const source = ManagedMediaSource ?? MediaSource;
  return source?.isTypeSupported(CODEC) === true;
}

type LoaderClass = new (config: HlsConfig) => Loader<LoaderContext>;

/** Reads the pieces, by URLs that are still good. */
function renewing(links: Links): LoaderClass {
  const Base = Hls.DefaultConfig.loader as unknown as LoaderClass;
  return class extends Base {
    private isGone = false;
    override load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
    ): void {
      const fail = () => {
        if (!this.isGone) callbacks.onError({ code: 0, text: 'not renewed' }, context, null, this.stats);
      };
      const start = (url: string) => {
        if (!this.isGone) super.load(Object.assign(context, { url }), config, callbacks);
      };
      links.current(context.url).then(start, fail);
    }
    override abort(): void {
      this.isGone = true;
      super.abort();
    }
    override destroy(): void {
      this.isGone = true;
      super.destroy();
    }
  } as LoaderClass;
}

/** Reads the playlist, and hands on which URLs it has. */
function learning(links: Links): LoaderClass {
  const Base = Hls.DefaultConfig.loader as unknown as LoaderClass;
  return class extends Base {
    override load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
    ): void {
      super.load(context, config, {
        ...callbacks,
        onSuccess(response, stats, loaded, details) {
          if (typeof response.data === 'string') links.learn(response.data);
          callbacks.onSuccess(response, stats, loaded, details);
        },
      });
    }
  } as LoaderClass;
}

export interface PlayerDeps {
  readonly video: HTMLVideoElement;
  readonly playlistUrl: string;
  /** It cannot go on by itself; undefined: the store or the way to it, otherwise the status of an answer. */
  readonly onLost: (status: number | undefined) => void;
  /** Whether there may be more behind what is there. */
  readonly onPlaylist: (isGrowing: boolean) => void;
}

export interface Player {
  /** Goes on after `onLost`, from where it was. */
  readonly retry: () => void;
}

/** The answer's text; an error that has its status otherwise. */
async function readPlaylist(url: string): Promise<string> {
  const answer = await fetch(url, { cache: 'no-store' });
  if (!answer.ok) throw Object.assign(new Error(`status ${answer.status}`), { status: answer.status });
  return answer.text();
}

export function createPlayer({ video, playlistUrl, onLost, onPlaylist }: PlayerDeps): Player {
  const links = createLinks({
    readPlaylist: () => readPlaylist(playlistUrl),
    now: () => performance.now(),
    maxAgeMs: MAX_URL_AGE_MS,
  });
  const hls = new Hls({
    // A film is handed on as it is: there is nothing for a worker to do.
    enableWorker: false,
    startPosition: 0,
    maxBufferLength: AHEAD_SECONDS,
    maxMaxBufferLength: AHEAD_SECONDS,
    backBufferLength: BEHIND_SECONDS,
    fLoader: renewing(links) as never,
    pLoader: learning(links) as never,
  });
  let hasRepaired = false;

  /** A piece was refused: perhaps its URL's time is over. The player asks again by itself, by the new one. */
  function renew(url: string): void {
    links.renewed(url).catch((error: { readonly status?: number }) => onLost(error.status));
  }

  hls.on(Hls.Events.LEVEL_LOADED, (_, { details }) => onPlaylist(details.live));
  hls.on(Hls.Events.FRAG_BUFFERED, () => {
    hasRepaired = false;
  });
  hls.on(Hls.Events.ERROR, (_, { fatal, type, response, frag }) => {
    if (!fatal) {
      if (frag !== undefined && response?.code === REFUSED) renew(frag.url);
    } else if (type === Hls.ErrorTypes.MEDIA_ERROR && !hasRepaired) {
      hasRepaired = true;
      hls.recoverMediaError();
    } else onLost(frag === undefined ? response?.code : undefined);
  });
  hls.loadSource(playlistUrl);
  hls.attachMedia(video);
  return { retry: () => hls.startLoad(video.currentTime) };
}
