import { type Context, profileKeyOf } from './context.ts';
import { CREDENTIALS } from './timing.ts';

/** The project of what is deleted. No project's id begins like this, so no client can name a tombstone. */
export const DELETED = '#deleted';

/**
 * What stands in the table for a deleted context. An upload URL outlives its context, and what is uploaded then would be
 * an object that nobody can name: as long as that can happen, the tombstone knows its key.
 */
export interface Tombstone {
  readonly contextId: string;
  readonly projectId: typeof DELETED;
  /** When the context was deleted. */
  readonly createdAt: string;
  readonly profileKey: string;
}

export const isTombstone = (item: { readonly projectId: string }): item is Tombstone =>
  item.projectId === DELETED;

/** When no upload to a context that was deleted before this moment can arrive any more. */
export const lastUploadsBefore = (now: Date): Date => new Date(now.getTime() - CREDENTIALS.lastUploadMs);

export const tombstoneOf = (
  context: Pick<Context, 'projectId' | 'contextId'>,
  deletedAt: Date,
): Tombstone => ({
  contextId: context.contextId,
  projectId: DELETED,
  createdAt: deletedAt.toISOString(),
  profileKey: profileKeyOf(context),
});
