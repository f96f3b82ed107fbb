import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

const { SIGKILL, SIGTRAP, SIGILL, SIGABRT } = constants.signals;

/** How many processes of the container the kernel has killed for want of memory: of cgroup 2, and of cgroup 1. */
const COUNTERS = ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control'];
const KILLS = /^oom_kill (\d+)$/m;
/** What Chrome says before a process of it gives up. A page cannot write such a line: its own words have no such head. */
const GIVES_UP =
  /^\[\d+:\d+:[\d/.]+:(?:ERROR|FATAL):[^\]]+\] (?:V8 (?:javascript|process) OOM|Out of memory)/;
const BY_ITSELF: readonly number[] = [SIGTRAP, SIGILL, SIGABRT];
/** So long after its words a process is dead. */
const WORDS_MS = 10_000;
/** One death is told once for each page, frame and worker of the process, at once. */
const SAME_DEATH_MS = 100;

export interface MemorySignsOptions {
  readonly nowMs?: () => number;
  /** undefined where the kernel does not count. */
  readonly readKills?: () => number | undefined;
}

/**
 * Whether a process of Chrome died for want of memory: Chrome itself says only by which signal. It is known by Chrome's own
 * words and by the kernel's count, and each of those explains one death.
 */
export class MemorySigns {
  readonly #nowMs: () => number;
  readonly #readKills: () => number | undefined;
  readonly #wordsAtMs: number[] = [];
  readonly #explainedAtMs = new Map<number, number>();
  #explainedKills: number;

  constructor({ nowMs = () => performance.now(), readKills = readOomKills }: MemorySignsOptions = {}) {
    this.#nowMs = nowMs;
    this.#readKills = readKills;
    this.#explainedKills = readKills() ?? 0;
  }

  /** A line of Chrome's stderr. */
  noteLine(line: string): void {
    if (GIVES_UP.test(line)) this.#wordsAtMs.push(this.#nowMs());
  }

  explains(signal: number): boolean {
    const nowMs = this.#nowMs();
    const explainedAtMs = this.#explainedAtMs.get(signal) ?? Number.NEGATIVE_INFINITY;
    const isExplained = nowMs - explainedAtMs <= SAME_DEATH_MS || this.#takeSign(signal, nowMs);
    // Not moved on by each of one death: the next one would be taken for it.
    if (isExplained && nowMs - explainedAtMs > SAME_DEATH_MS) this.#explainedAtMs.set(signal, nowMs);
    return isExplained;
  }

  #takeSign(signal: number, nowMs: number): boolean {
    if (signal === SIGKILL) return this.#takeKill();
    if (!BY_ITSELF.includes(signal)) return false;
    while (nowMs - (this.#wordsAtMs[0] ?? nowMs) > WORDS_MS) this.#wordsAtMs.shift();
    return this.#wordsAtMs.shift() !== undefined;
  }

  #takeKill(): boolean {
    if ((this.#readKills() ?? 0) <= this.#explainedKills) return false;
    this.#explainedKills += 1;
    return true;
  }
}

export function readOomKills(counters: readonly string[] = COUNTERS): number | undefined {
  for (const counter of counters) {
    const found = KILLS.exec(readIfThere(counter));
    if (found !== null) return Number(found[1]);
  }
  return undefined;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
