// What takes pages away: by itself, or with the contexts that a client has made.
const CLOSES: ReadonlySet<string> = new Set([
  'Browser.close',
  'Page.close',
  'Target.closeTarget',
  'Target.detachFromTarget',
  'Target.disposeBrowserContext',
]);

export interface HeldCloses {
  /** Writes a client's message, or keeps it: what closes a page while closes are held, and all that comes after it. */
  write(message: string | Buffer, method: string | undefined): boolean;
  /** The same for one of the controller's own, which passes what is kept: the recorder's start is one of them. */
  writeOwn(message: string, method: string): void;
  /** From now on pages are not closed by command, until the answer is called and those of all others are. */
  hold(): () => void;
}

/**
 * A page that is closed while its recorder starts takes all of Chromium with it (docs/cursed-knowledge.md, 2026-11-29). So
 * commands that close wait for that, some milliseconds, in the order in which all were given.
 */
export function createHeldCloses(
  write: (message: string | Buffer) => boolean,
  onDrain: () => void,
): HeldCloses {
  const kept: (string | Buffer)[] = [];
  let holds = 0;

  const release = () => {
    holds -= 1;
    if (holds > 0 || kept.length === 0) return;
    const hasRoom = kept.splice(0).map(write).at(-1);
    if (hasRoom === true) onDrain();
  };

  const mustWait = (method: string | undefined) => holds > 0 && CLOSES.has(method ?? '');

  return {
    write(message, method) {
      if (kept.length === 0 && !mustWait(method)) return write(message);
      kept.push(message);
      return false;
    },
    writeOwn(message, method) {
      if (mustWait(method)) kept.push(message);
      else write(message);
    },
    hold() {
      holds += 1;
      let isHeld = true;
      return () => {
        if (isHeld) release();
        isHeld = false;
      };
    },
  };
}
