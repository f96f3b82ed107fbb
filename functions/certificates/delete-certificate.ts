import type { Certificate } from '../../core/domain/certificate.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireCertificate } from '../../core/http/require-owned.ts';
import { type ApiResponse, noContent } from '../../core/http/response.ts';

export interface DeleteCertificateDeps {
  readonly getCertificate: Find<Certificate>;
  readonly deleteCertificate: (certificateId: string) => Promise<void>;
}

/** DELETE /v1/certificates/{id}. Sessions that run go on trusting it. */
export const deleteCertificate =
  (deps: DeleteCertificateDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> => {
    const { certificateId } = await requireCertificate(deps.getCertificate, access.projectId, pathId);
    await deps.deleteCertificate(certificateId);
    return noContent();
  };
