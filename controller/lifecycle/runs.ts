/** What a container is doing: waiting for its session, or working for it. What happens to the process happens to it. */
export interface Runs {
  /** The platform stops the container. */
  stop(): void;
  /** Nobody has caught this. */
  fail(error: unknown): void;
  /** For the last moment of the process, when nothing can be awaited. */
  abandon(): void;
}

/** Told of each who runs, from its first moment on. */
export type OnRuns = (next: Runs) => void;
