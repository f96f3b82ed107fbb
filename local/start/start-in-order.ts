import type { Logger } from '../../core/log/logger.ts';

export type Stop = () => Promise<void> | void;

/** Says how something is stopped that has just been started; at once, so that a start can fail half-way. */
export type OnStop = (name: string, stop: Stop) => void;

/**
 * What `start` makes, and the one way to stop it: once, in reverse, also when one stop fails. When the start itself fails,
 * what it has started by then is stopped, and the failure is thrown.
 */
export async function startInOrder<Made extends object>(
  start: (onStop: OnStop) => Promise<Made>,
  onFault: Logger['error'],
): Promise<Made & { close(): Promise<void> }> {
  const stops: (readonly [string, Stop])[] = [];
  let closing: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    for (const [name, stop] of stops.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        // The others have processes to end.
        onFault('A part did not stop', { name, error });
      }
    }
  }

  const close = (): Promise<void> => {
    closing ??= stopAll();
    return closing;
  };
  try {
    return { ...(await start((name, stop) => stops.push([name, stop]))), close };
  } catch (error) {
    onFault('The start has failed', { error });
    await close();
    throw error;
  }
}
