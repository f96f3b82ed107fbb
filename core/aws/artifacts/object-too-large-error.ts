/** An object has more bytes than anybody of ours puts there: another try finds the same. */
export class ObjectTooLargeError extends Error {
  override readonly name = 'ObjectTooLargeError';

  constructor(bytes: number, maxBytes: number) {
    super(`An object of ${bytes} bytes is more than the ${maxBytes} that are read`);
  }
}
