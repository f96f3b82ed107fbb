import { X509Certificate } from 'node:crypto';
import { CertificateRefusedError } from './certificate-refused.ts';

export interface ReadCertificate {
  /** Written anew from what was understood: nothing else of the file is in it. */
  readonly pem: string;
  readonly notAfter: Date;
}

const LABEL = /-----BEGIN ([^\r\n]*?)-----/g;
const BLOCK = /-----BEGIN CERTIFICATE-----[ \t]*\r?\n([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/;
// Of any format, and also where one of its two lines is missing.
const PRIVATE_KEY = /(?:BEGIN|END)[^\r\n]*PRIVATE KEY/i;

/** Reads the one CA certificate of a PEM file. Throws a CertificateRefusedError that repeats nothing of the file. */
export function readCertificate(file: Buffer, now: Date): ReadCertificate {
  const certificate = parse(derOf(file.toString('latin1')));
  if (!certificate.ca)
    refuse(
      'is not the certificate of an authority (basicConstraints CA:TRUE, and keyCertSign if it has a keyUsage)',
    );
  const notAfter = certificate.validToDate;
  if (notAfter <= now) refuse(`expired at ${notAfter.toISOString()}`);
  return { pem: certificate.toString(), notAfter };
}

function derOf(text: string): Buffer {
  // Before all else: whoever sends a key must hear of that first.
  if (PRIVATE_KEY.test(text))
    refuse(
      'holds a private key, which nobody here needs: upload the certificate alone, and think of the key as known',
    );
  const labels = [...text.matchAll(LABEL)].map(([, label]) => label);
  if (labels.length === 0) refuse('is not PEM, which has a line -----BEGIN CERTIFICATE-----');
  if (labels.some((label) => label !== 'CERTIFICATE')) refuse('holds something else than a CERTIFICATE');
  if (labels.length > 1) refuse(`holds ${labels.length} certificates: upload each by itself`);
  const [, base64] = BLOCK.exec(text) ?? refuse('is cut short or damaged');
  return Buffer.from(base64 ?? '', 'base64');
}

function parse(der: Buffer): X509Certificate {
  const certificate = tryParse(der);
  // What follows it in the same block is not looked at by OpenSSL.
  if (certificate === undefined || !certificate.raw.equals(der))
    return refuse('cannot be read as an X.509 certificate');
  return certificate;
}

function tryParse(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    // OpenSSL's own words name its source files, which say nothing to whoever sent this.
    return undefined;
  }
}

function refuse(fault: string): never {
  throw new CertificateRefusedError(`it ${fault}`);
}
