import type { Certificate } from '../../core/domain/certificate.ts';
import { AppError } from '../../core/domain/errors.ts';
import { type Find, requireCertificate } from '../../core/http/require-owned.ts';

/** That a create may name them: they are there, are the project's, and are worth something to a browser. */
export async function requireCertificates(
  getCertificate: Find<Certificate>,
  projectId: string,
  { certificateIds, now }: { readonly certificateIds: readonly string[]; readonly now: Date },
): Promise<void> {
  const found = await Promise.all(
    certificateIds.map((id) => requireCertificate(getCertificate, projectId, id)),
  );
  const expired = found.find(({ notAfter }) => Date.parse(notAfter) <= now.getTime());
  if (expired === undefined) return;
  const { certificateId, notAfter } = expired;
  throw new AppError('BAD_REQUEST', [
    `body/proxySettings/caCertificates must not name ${certificateId}, which expired at ${notAfter}`,
  ]);
}
