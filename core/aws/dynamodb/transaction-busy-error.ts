/** Others kept changing the same items until the last attempt. Nothing was written; the same call may succeed later. */
export class TransactionBusyError extends Error {
  override readonly name = 'TransactionBusyError';
}
