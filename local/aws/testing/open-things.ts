/** What a test has opened: closed when it ends, also when it fails before it could close it itself. */
const openThings = new Set<() => Promise<void>>();

export const closeAtEnd = (close: () => Promise<void>): void => void openThings.add(close);

export async function closeOpenThings(): Promise<void> {
  for (const close of openThings) {
    openThings.delete(close);
    await close();
  }
}
