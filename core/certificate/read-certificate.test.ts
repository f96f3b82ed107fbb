import { X509Certificate } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AUTHORITY, NAMESAKE, SITE_CERTIFICATE, SITE_KEY } from '../testing/test-authority.ts';
import { CertificateRefusedError } from './certificate-refused.ts';
import { readCertificate } from './read-certificate.ts';

const NOW = new Date('2030-01-01T00:00:00.000Z');

function refusalOf(file: string | Buffer, now = NOW): string {
  try {
    readCertificate(Buffer.from(file), now);
  } catch (error) {
    assert.instance(error, CertificateRefusedError);
    return (error as Error).message;
  }
  return assert.unreachable('it was taken') as never;
}

const der = new X509Certificate(AUTHORITY).raw;
const pemOf = (bytes: Buffer, label = 'CERTIFICATE') =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64')}\n-----END ${label}-----\n`;

const reading = suite('readCertificate');

reading('takes the certificate of an authority, and writes it anew', () => {
  const read = readCertificate(Buffer.from(AUTHORITY), NOW);
  assert.is(read.pem, AUTHORITY);
  assert.is(read.notAfter.getUTCFullYear(), 2046);
  const noisy = `subject=CN = Authority\r\nPrivate Key Usage Period: none\r\n${AUTHORITY.replaceAll('\n', '\r\n')}\r\nbye`;
  assert.is(readCertificate(Buffer.from(noisy), NOW).pem, AUTHORITY);
});

reading('takes one alone', () => {
  assert.is(refusalOf(AUTHORITY + NAMESAKE), 'it holds 2 certificates: upload each by itself');
});

reading('refuses a private key before all else, and repeats nothing of it', () => {
  for (const file of [
    SITE_KEY,
    AUTHORITY + SITE_KEY,
    `${SITE_KEY}no certificate`,
    SITE_KEY.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE'),
    SITE_KEY.replaceAll('PRIVATE', 'RSA PRIVATE') + AUTHORITY,
    // Without its first line.
    AUTHORITY + SITE_KEY.split('\n').slice(1).join('\n'),
  ]) {
    const message = refusalOf(file);
    assert.match(message, 'it holds a private key');
    assert.not.match(message, SITE_KEY.split('\n')[1] ?? '');
  }
});

reading('refuses what is none, or damaged', () => {
  for (const [file, fault] of [
    ['', 'is not PEM'],
    [der, 'is not PEM'],
    [pemOf(der, 'TRUSTED CERTIFICATE'), 'holds something else than a CERTIFICATE'],
    [AUTHORITY + pemOf(der, 'X509 CRL'), 'holds something else than a CERTIFICATE'],
    [AUTHORITY.replace('-----END', '----END'), 'is cut short or damaged'],
    [AUTHORITY.replace('MII', 'M!I'), 'is cut short or damaged'],
    ['-----BEGIN CERTIFICATE-----', 'is cut short or damaged'],
    [pemOf(Buffer.from('no certificate')), 'cannot be read as an X.509 certificate'],
    [pemOf(der.subarray(0, -1)), 'cannot be read as an X.509 certificate'],
    [pemOf(Buffer.concat([der, Buffer.from('and more')])), 'cannot be read as an X.509 certificate'],
    [pemOf(Buffer.from(AUTHORITY)), 'cannot be read as an X.509 certificate'],
  ] as const)
    assert.match(refusalOf(file), `it ${fault}`);
});

reading('refuses that of a site, which would make no other one trusted', () => {
  assert.match(refusalOf(SITE_CERTIFICATE), 'it is not the certificate of an authority');
});

reading('refuses one whose time is over, from the moment on that it names', () => {
  const { notAfter } = readCertificate(Buffer.from(AUTHORITY), NOW);
  assert.is(refusalOf(AUTHORITY, notAfter), `it expired at ${notAfter.toISOString()}`);
  assert.ok(readCertificate(Buffer.from(AUTHORITY), new Date(notAfter.getTime() - 1)));
});

reading('is not slowed down by a file of nothing but beginnings', () => {
  const startedMs = performance.now();
  assert.match(refusalOf('-----BEGIN CERTIFICATE-----\n'.repeat(580)), 'it holds 580 certificates');
  assert.match(refusalOf('-----BEGIN '.repeat(1_400)), 'it holds something else');
  assert.match(refusalOf('BEGIN PRIVATE '.repeat(1_100)), 'it is not PEM');
  assert.ok(performance.now() - startedMs < 500);
});

reading.run();
