/** What can be wrong with a request to the public network, for who asked for it and for programs. */
export type PublicNetworkFault =
  | 'bad-url'
  | 'refused-address'
  | 'refused-port'
  | 'unknown-host'
  | 'unreachable'
  | 'untrusted'
  | 'timed-out'
  | 'too-large'
  | 'too-many-redirects'
  | 'bad-answer';

/**
 * A request that was not made, or came to nothing. The sentence is for the client: it names the host that was asked for,
 * and never an address, a query or credentials.
 */
export class PublicNetworkError extends Error {
  override readonly name = 'PublicNetworkError';
  readonly fault: PublicNetworkFault;
  constructor(fault: PublicNetworkFault, sentence: string, cause?: unknown) {
    super(sentence, { cause });
    this.fault = fault;
  }
}
