import validate from 'contract:deleteCertificate';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getItem, type OwnedItems, removeItem } from '../../core/aws/owned-items/owned-items.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import type { Certificate } from '../../core/domain/certificate.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { deleteCertificate } from './delete-certificate.ts';

const config = readConfig(process.env, { certificatesTable: ['CERTIFICATES_TABLE', text()] });
const certificates: OwnedItems<Certificate> = {
  table: { client: createDocumentClient(), tableName: config.certificatesTable },
  key: 'certificateId',
};

export const handler = api(
  { logger: createProcessLogger('delete-certificate', process.env), clock: systemClock, validate },
  deleteCertificate({
    getCertificate: (certificateId) => getItem(certificates, certificateId),
    deleteCertificate: (certificateId) => removeItem(certificates, certificateId),
  }),
);
