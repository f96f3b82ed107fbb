/** What has been started, to be stopped in reverse. */
export interface UndoStack {
  push(name: string, stop: () => Promise<void> | void): void;
  /** Stops everything, also when one stop fails. Once: a second call waits for the first. */
  unwind(): Promise<void>;
}

export function createUndoStack(onFault: (name: string, error: unknown) => void): UndoStack {
  const stops: (readonly [string, () => Promise<void> | void])[] = [];
  let unwinding: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    for (const [name, stop] of stops.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
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
