import { deleteArtifact } from '../../core/aws/artifacts/delete-artifact.ts';
import { listArtifacts } from '../../core/aws/artifacts/list-artifacts.ts';
import { countItems, type OwnedItems } from '../../core/aws/owned-items/owned-items.ts';
import { extensionPrefixOf, extensionUploadsPrefixOf } from '../../core/domain/artifact-key.ts';
import type { Extension } from '../../core/domain/extension.ts';
import { inBatches } from './in-batches.ts';
import type { Installation } from './installation.ts';
import { removeOwned } from './remove-owned.ts';

const itemsOf = ({ extensions }: Pick<Installation, 'extensions'>): OwnedItems<Extension> => ({
  table: extensions,
  key: 'extensionId',
});

export const countExtensions = (installation: Pick<Installation, 'extensions'>, projectId: string) =>
  countItems(itemsOf(installation), projectId);

/** All zips of a project, also one that no extension knows, and those of uploads; then its extensions. */
export async function removeExtensions(installation: Installation, projectId: string): Promise<number> {
  const bucket = await installation.artifacts();
  for (const prefix of [extensionPrefixOf(projectId), extensionUploadsPrefixOf(projectId)])
    await inBatches(await listArtifacts(bucket, prefix), (key) => deleteArtifact(bucket, key));
  return removeOwned(installation, itemsOf(installation), projectId);
}
