/** The file holds no certificate that a browser here could trust an authority by. Its message begins with "it". */
export class CertificateRefusedError extends Error {
  override readonly name = 'CertificateRefusedError';
}
