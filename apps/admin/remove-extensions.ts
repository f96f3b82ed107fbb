import { deleteArtifact } from '../../core/aws/artifacts/delete-artifact.ts';
import { listArtifacts } from '../../core/aws/artifacts/list-artifacts.ts';
import {
  countItems,
  type OwnedItems,
  pagesOfItems,
  removeItem,
} from '../../core/aws/owned-items/owned-items.ts';
import { extensionPrefixOf } from '../../core/domain/artifact-key.ts';
import { pause } from '../../core/domain/clock.ts';
import type { Extension } from '../../core/domain/extension.ts';
import { inBatches } from './in-batches.ts';
import type { Installation } from './installation.ts';

const LOOK_EVERY_MS = 2_000;

const itemsOf = ({ extensions }: Pick<Installation, 'extensions'>): OwnedItems<Extension> => ({
  table: extensions,
  key: 'extensionId',
});

export const countExtensions = (installation: Pick<Installation, 'extensions'>, projectId: string) =>
  countItems(itemsOf(installation), projectId);

/** All zips of a project, also one that no extension knows; then its extensions, until none is listed. */
export async function removeExtensions(installation: Installation, projectId: string): Promise<number> {
  const items = itemsOf(installation);
  const bucket = await installation.artifacts();
  const zips = await listArtifacts(bucket, extensionPrefixOf(projectId));
  await inBatches(zips, (key) => deleteArtifact(bucket, key));
  const removed = new Set<string>();
  for (;;) {
    let listed = 0;
    for await (const page of pagesOfItems(items, projectId)) {
      listed += page.length;
      await inBatches(page, async ({ extensionId }) => {
        await removeItem(items, extensionId);
        removed.add(extensionId);
      });
    }
    if (listed === 0) return removed.size;
    await pause(installation.clock, LOOK_EVERY_MS);
  }
}
