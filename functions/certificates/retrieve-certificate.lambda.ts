import validate from 'contract:retrieveCertificate';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getItem, type OwnedItems } from '../../core/aws/owned-items/owned-items.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import type { Certificate } from '../../core/domain/certificate.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { retrieveCertificate } from './retrieve-certificate.ts';

const config = readConfig(process.env, { certificatesTable: ['CERTIFICATES_TABLE', text()] });
const certificates: OwnedItems<Certificate> = {
  table: { client: createDocumentClient(), tableName: config.certificatesTable },
  key: 'certificateId',
};

export const handler = api(
  { logger: createProcessLogger('retrieve-certificate', process.env), clock: systemClock, validate },
  retrieveCertificate({
    getCertificate: (certificateId) => getItem(certificates, certificateId),
  }),
);
