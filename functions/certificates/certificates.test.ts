import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Certificate } from '../../core/domain/certificate.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { AUTHORITY, SITE_KEY } from '../../core/testing/test-authority.ts';
import { deleteCertificate } from './delete-certificate.ts';
import { listCertificates } from './list-certificates.ts';
import { retrieveCertificate } from './retrieve-certificate.ts';
import { type UploadCertificateDeps, uploadCertificate } from './upload-certificate.ts';

const ID = '00000000-0000-4000-8000-00000000000c';
const AT = '2030-06-01T00:00:00.000Z';
const CERTIFICATE: Certificate = {
  certificateId: ID,
  projectId: 'p1',
  pem: AUTHORITY,
  notAfter: '2046-11-24T12:39:05.000Z',
  createdAt: AT,
  updatedAt: AT,
};
const VIEW = { id: ID, createdAt: AT, updatedAt: AT, projectId: 'p1' };

function upload(text: string, changes: Partial<UploadCertificateDeps> = {}) {
  const stored: Certificate[] = [];
  const answer = uploadCertificate({
    newId: () => ID,
    now: () => new Date(AT),
    countCertificates: async () => 99,
    storeCertificate: async (certificate) => void stored.push(certificate),
    ...changes,
  })(newRequest({ body: { file: { name: 'ca.pem', bytes: Buffer.from(text) } } }));
  return { answer, stored };
}

const certificates = suite('certificates');

certificates('are stored as they were understood, and answered as Browserbase answers', async () => {
  const { answer, stored } = upload(`a comment\n${AUTHORITY}`);
  assert.equal(await answer, { status: 200, body: VIEW });
  assert.equal(stored, [CERTIFICATE]);
});

certificates('that are none are a 400 that names the field, and nothing is stored', async () => {
  for (const [text, fault] of [
    ['no pem', 'it is not PEM'],
    [AUTHORITY + SITE_KEY, 'it holds a private key'],
  ] as const) {
    const { answer, stored } = upload(text);
    const { status, message } = await appErrorOf(answer);
    assert.is(status, 400);
    assert.match(message, `body/file must be one CA certificate as PEM: ${fault}`);
    assert.equal(stored, []);
  }
});

certificates('are refused to a project that has as many as it may have', async () => {
  const { answer, stored } = upload(AUTHORITY, { countCertificates: async () => 100 });
  const { status, message } = await appErrorOf(answer);
  assert.is(status, 422);
  assert.match(message, 'This project has 100 certificates');
  assert.equal(stored, []);
});

certificates('are listed over all pages, without the certificates themselves', async () => {
  const asked: string[] = [];
  const { body } = await listCertificates({
    async *pagesOfCertificates(projectId) {
      asked.push(projectId);
      yield [CERTIFICATE];
      yield [{ ...CERTIFICATE, certificateId: 'c2' }];
    },
  })(newRequest());
  assert.equal(body, [VIEW, { ...VIEW, id: 'c2' }]);
  assert.equal(asked, ['p1']);
});

certificates('are looked at and deleted one by one', async () => {
  const getCertificate = async () => CERTIFICATE;
  assert.equal((await retrieveCertificate({ getCertificate })(newRequest({ pathId: ID }))).body, VIEW);
  const deleted: string[] = [];
  const answer = await deleteCertificate({
    getCertificate,
    deleteCertificate: async (id) => void deleted.push(id),
  })(newRequest({ pathId: ID }));
  assert.equal([answer, deleted], [{ status: 204 }, [ID]]);
});

certificates('of another project, or that never were, are the same 404', async () => {
  const messages: string[] = [];
  for (const [getCertificate, pathId] of [
    [async () => ({ ...CERTIFICATE, projectId: 'p3' }), ID],
    [async () => undefined, ID],
    [async () => assert.unreachable() as never, 'none'],
  ] as const) {
    const error = await appErrorOf(retrieveCertificate({ getCertificate })(newRequest({ pathId })));
    assert.is(error.code, 'CERTIFICATE_NOT_FOUND');
    messages.push(error.message.replace(pathId, ''));
  }
  assert.is(new Set(messages).size, 1);
});

certificates.run();
