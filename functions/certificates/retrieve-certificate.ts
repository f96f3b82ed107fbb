import { type Certificate, toCertificateView } from '../../core/domain/certificate.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireCertificate } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface RetrieveCertificateDeps {
  readonly getCertificate: Find<Certificate>;
}

/** GET /v1/certificates/{id} */
export const retrieveCertificate =
  ({ getCertificate }: RetrieveCertificateDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> =>
    ok(toCertificateView(await requireCertificate(getCertificate, access.projectId, pathId)));
