import { CertificateRefusedError } from '../../core/certificate/certificate-refused.ts';
import { type ReadCertificate, readCertificate } from '../../core/certificate/read-certificate.ts';
import { type Certificate, toCertificateView } from '../../core/domain/certificate.ts';
import { MAX_CERTIFICATES_OF_A_PROJECT } from '../../core/domain/certificate-limits.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { UploadedFile } from '../../core/http/multipart.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface UploadCertificateDeps {
  readonly newId: () => string;
  readonly now: () => Date;
  readonly countCertificates: (projectId: string) => Promise<number>;
  readonly storeCertificate: (certificate: Certificate) => Promise<void>;
}

/** POST /v1/certificates: that of an authority, which a session may be told to trust. */
export const uploadCertificate =
  (deps: UploadCertificateDeps) =>
  async ({ access, body }: ApiRequest<{ readonly file: UploadedFile }>): Promise<ApiResponse> => {
    const { projectId } = access;
    const now = deps.now();
    const { pem, notAfter } = requireUsable(body.file.bytes, now);
    // As its index shows it: of two at the same moment both may be taken.
    if ((await deps.countCertificates(projectId)) >= MAX_CERTIFICATES_OF_A_PROJECT)
      throw new AppError('TOO_MANY_CERTIFICATES', [MAX_CERTIFICATES_OF_A_PROJECT]);
    const at = now.toISOString();
    const certificate: Certificate = {
      certificateId: deps.newId(),
      projectId,
      pem,
      notAfter: notAfter.toISOString(),
      createdAt: at,
      updatedAt: at,
    };
    await deps.storeCertificate(certificate);
    return ok(toCertificateView(certificate));
  };

function requireUsable(file: Buffer, now: Date): ReadCertificate {
  try {
    return readCertificate(file, now);
  } catch (error) {
    if (!(error instanceof CertificateRefusedError)) throw error;
    throw new AppError('BAD_REQUEST', [`body/file must be one CA certificate as PEM: ${error.message}`]);
  }
}
