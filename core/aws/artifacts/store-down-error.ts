/** The store of files does not answer, or says that it cannot: nobody's mistake, and another try may work. */
export class StoreDownError extends Error {
  override readonly name = 'StoreDownError';
}
