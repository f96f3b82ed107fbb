import { CallRefusedError, type ContainerApi } from '../container-api/container-api.ts';
import { CertificatesNotTrustedError } from './certificates-not-trusted.ts';

export interface FetchCertificatesDeps {
  readonly api: Pick<ContainerApi, 'readNetwork'>;
  readonly count: number;
  readonly signal: AbortSignal;
}

const NOT_FOUND = 404;

/** Those of the session, each as PEM. Rejects with a CertificatesNotTrustedError. */
export async function fetchCertificates({
  api,
  count,
  signal,
}: FetchCertificatesDeps): Promise<readonly string[]> {
  const { certificates: pems } = await api.readNetwork({ signal }).catch((error: Error) => {
    if (signal.aborted) throw error;
    const isGone = error instanceof CallRefusedError && error.statusCode === NOT_FOUND;
    throw new CertificatesNotTrustedError(isGone ? 'One of them has been deleted' : error.message, {
      cause: error,
    });
  });
  if (pems.length !== count)
    throw new CertificatesNotTrustedError(`The platform knows ${pems.length} of ${count} certificates`);
  return pems;
}
