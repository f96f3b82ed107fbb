import { type Certificate, toCertificateView } from '../../core/domain/certificate.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface ListCertificatesDeps {
  readonly pagesOfCertificates: (projectId: string) => AsyncIterable<readonly Certificate[]>;
}

/** GET /v1/certificates: the project's, newest first, as a bare array. */
export const listCertificates =
  ({ pagesOfCertificates }: ListCertificatesDeps) =>
  async ({ access }: ApiRequest): Promise<ApiResponse> => {
    const views = [];
    for await (const page of pagesOfCertificates(access.projectId))
      views.push(...page.map(toCertificateView));
    return ok(views);
  };
