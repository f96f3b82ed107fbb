import { type Context, profileKeyOf } from '../../domain/context.ts';
import type { Table } from '../dynamodb/document-client.ts';
import type { ContextsBucket } from './contexts-bucket.ts';
import { deleteContext } from './delete-context.ts';
import { deleteProfile } from './delete-profile.ts';

export interface ContextStore {
  readonly contexts: Table;
  readonly bucket: ContextsBucket;
}

/** A context with its archive, in the order of the API's own deletion: what fails half-way can be done again. */
export async function removeContext(
  { contexts, bucket }: ContextStore,
  context: Context,
  at: Date,
): Promise<void> {
  await deleteProfile(bucket, profileKeyOf(context));
  await deleteContext(contexts, context, at);
}
