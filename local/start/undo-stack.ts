export type Stop = () => Promise<void> | void;

/** What has been started, to be stopped in reverse. */
export interface UndoStack {
  push(name: string, stop: Stop): void;
  /** Stops everything, also when one stop fails. Once: a second call waits for the first. */
  unwind(): Promise<void>;
}

export function createUndoStack(onFault: (name: string, error: unknown) => void): UndoStack {
  const stops: (readonly [string, Stop])[] = [];
  let unwinding: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    for (const [name, stop] of stops.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        // The others have processes to end.
        onFault(name, error);
      }
    }
  }

  return {
    push: (name, stop) => stops.push([name, stop]),
    unwind() {
      unwinding ??= stopAll();
      return unwinding;
    },
  };
}
