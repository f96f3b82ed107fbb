/** Anything that belongs to a project. */
export interface Owned {
  readonly projectId: string;
}

/**
 * The one rule of tenancy: whether something exists and belongs to one of the caller's projects. Who asks for something
 * that does not, is answered as if there were none (404): nobody learns what other projects have.
 *
 * Functions ask it through core/http/require-owned.ts.
 */
export const isOwnedBy = <Item extends Owned>(
  projectIds: readonly string[],
  item: Item | undefined,
): item is Item => item !== undefined && projectIds.includes(item.projectId);
