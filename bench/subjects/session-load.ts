/** Sessions that come several at a time, each used as a client uses one. */
export interface SessionLoad {
  readonly sessions: number;
  readonly atATime: number;
}

/** Resolves with what failed. */
export async function loadWith(
  { sessions, atATime }: SessionLoad,
  use: () => Promise<void>,
): Promise<readonly string[]> {
  const failures: string[] = [];
  let left = sessions;
  const work = async () => {
    while (left-- > 0) {
      await use().catch((error: Error) => {
        failures.push(error.message);
        console.error(`failed: ${error.message}`);
      });
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return failures;
}
