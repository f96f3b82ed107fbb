/** Why a proxy of a session's, or of a client's, led nowhere: for people and programs. */
export type ProxyFault = 'unreachable' | 'too_slow' | 'credentials' | 'refused';

/**
 * Holds nothing of what was said to the proxy, and no error of a library's as its cause: that may know the credentials.
 */
export class ProxyFailedError extends Error {
  override readonly name = 'ProxyFailedError';
  readonly fault: ProxyFault;
  constructor(fault: ProxyFault) {
    super(`The proxy led nowhere: ${fault}`);
    this.fault = fault;
  }
}
