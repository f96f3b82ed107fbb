import { type OwnedItems, pagesOfItems, removeItem } from '../../core/aws/owned-items/owned-items.ts';
import { pause } from '../../core/domain/clock.ts';
import type { Owned } from '../../core/domain/ownership.ts';
import { inBatches } from './in-batches.ts';
import type { Installation } from './installation.ts';

const LOOK_EVERY_MS = 2_000;

/** All items of a project in one table, until none is listed: an index is a moment behind its table. */
export async function removeOwned<Item extends Owned>(
  { clock }: Pick<Installation, 'clock'>,
  items: OwnedItems<Item>,
  projectId: string,
): Promise<number> {
  const removed = new Set<string>();
  for (;;) {
    let listed = 0;
    for await (const page of pagesOfItems(items, projectId)) {
      listed += page.length;
      await inBatches(page, async (item) => {
        const id = String(item[items.key]);
        await removeItem(items, id);
        removed.add(id);
      });
    }
    if (listed === 0) return removed.size;
    await pause(clock, LOOK_EVERY_MS);
  }
}
