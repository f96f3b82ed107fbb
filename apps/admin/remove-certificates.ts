import { countItems, type OwnedItems } from '../../core/aws/owned-items/owned-items.ts';
import type { Certificate } from '../../core/domain/certificate.ts';
import type { Installation } from './installation.ts';
import { removeOwned } from './remove-owned.ts';

const itemsOf = ({ certificates }: Pick<Installation, 'certificates'>): OwnedItems<Certificate> => ({
  table: certificates,
  key: 'certificateId',
});

export const countCertificates = (installation: Pick<Installation, 'certificates'>, projectId: string) =>
  countItems(itemsOf(installation), projectId);

export const removeCertificates = (installation: Installation, projectId: string): Promise<number> =>
  removeOwned(installation, itemsOf(installation), projectId);
