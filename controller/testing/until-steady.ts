/** The value when it has stopped changing. */
export async function untilSteady(read: () => number): Promise<number> {
  let before = -1;
  for (let same = 0; same < 10; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = read();
    same = now === before ? same + 1 : 0;
    before = now;
  }
  return before;
}
