import validate from 'contract:listCertificates';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { type OwnedItems, pagesOfItems } from '../../core/aws/owned-items/owned-items.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import type { Certificate } from '../../core/domain/certificate.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { listCertificates } from './list-certificates.ts';

const config = readConfig(process.env, { certificatesTable: ['CERTIFICATES_TABLE', text()] });
const certificates: OwnedItems<Certificate> = {
  table: { client: createDocumentClient(), tableName: config.certificatesTable },
  key: 'certificateId',
};

export const handler = api(
  { logger: createProcessLogger('list-certificates', process.env), clock: systemClock, validate },
  listCertificates({
    pagesOfCertificates: (projectId) => pagesOfItems(certificates, projectId),
  }),
);
