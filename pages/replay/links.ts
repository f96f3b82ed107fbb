/**
 * The film's pieces are at signed URLs, which are good for an hour. A playlist that is read again names the same pieces
 * with new signatures: so a film goes on that was paused over lunch.
 */
export interface LinksDeps {
  readonly readPlaylist: () => Promise<string>;
  readonly now: () => number;
  /** URLs that were signed before that are renewed before they are used. */
  readonly maxAgeMs: number;
}

export interface Links {
  /** Of a playlist that has just been read. */
  readonly learn: (playlist: string) => void;
  /** The URL of the same piece, still good. */
  readonly current: (url: string) => Promise<string>;
  /** The same after the store has refused it. */
  readonly renewed: (url: string) => Promise<string>;
}

const ADDRESS = /^[^#\s]\S+|(?<=URI=")[^"]+/gm;

function keyOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

export function createLinks({ readPlaylist, now, maxAgeMs }: LinksDeps): Links {
  let urls = new Map<string, string>();
  let readAtMs = now();
  let reading: Promise<void> | undefined;

  function learn(playlist: string): void {
    urls = new Map((playlist.match(ADDRESS) ?? []).map((url) => [keyOf(url), url]));
    readAtMs = now();
  }

  function renew(): Promise<void> {
    reading ??= readPlaylist()
      .then(learn)
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  const known = (url: string): string => urls.get(keyOf(url)) ?? url;

  return {
    learn,
    async current(url) {
      if (now() - readAtMs > maxAgeMs) await renew();
      return known(url);
    },
    async renewed(url) {
      // Another piece may have been refused, and renewed all, since this one was asked for.
      if (known(url) === url) await renew();
      return known(url);
    },
  };
}
