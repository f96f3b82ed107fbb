import validate from 'contract:uploadCertificate';
import { randomUUID } from 'node:crypto';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { countItems, type OwnedItems, storeItem } from '../../core/aws/owned-items/owned-items.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import type { Certificate } from '../../core/domain/certificate.ts';
import { MAX_CERTIFICATE_FILE_BYTES } from '../../core/domain/certificate-limits.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { uploadCertificate } from './upload-certificate.ts';

const config = readConfig(process.env, { certificatesTable: ['CERTIFICATES_TABLE', text()] });
const certificates: OwnedItems<Certificate> = {
  table: { client: createDocumentClient(), tableName: config.certificatesTable },
  key: 'certificateId',
};

export const handler = api(
  {
    logger: createProcessLogger('upload-certificate', process.env),
    clock: systemClock,
    validate,
    multipart: { maxFileBytes: MAX_CERTIFICATE_FILE_BYTES },
  },
  uploadCertificate({
    newId: randomUUID,
    now: systemNow,
    countCertificates: (projectId) => countItems(certificates, projectId),
    storeCertificate: (certificate) => storeItem(certificates, certificate),
  }),
);
