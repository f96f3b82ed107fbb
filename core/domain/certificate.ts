/** One item of the certificates table: public, and nothing in it is a secret. */
export interface Certificate {
  readonly certificateId: string;
  readonly projectId: string;
  /** The certificate alone, written anew: of what was uploaded beside it nothing is kept. */
  readonly pem: string;
  /** The end of its validity, ISO 8601. */
  readonly notAfter: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface CertificateView {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly projectId: string;
}

export const toCertificateView = (certificate: Certificate): CertificateView => ({
  id: certificate.certificateId,
  createdAt: certificate.createdAt,
  updatedAt: certificate.updatedAt,
  projectId: certificate.projectId,
});
