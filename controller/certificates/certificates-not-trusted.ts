/** The browser cannot be made to trust the session's certificates: the session does not start. */
export class CertificatesNotTrustedError extends Error {
  override readonly name = 'CertificatesNotTrustedError';
}
