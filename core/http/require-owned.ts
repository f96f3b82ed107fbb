/**
 * What a request names by its id, if it exists and belongs to the caller; otherwise the 404 of its kind, which is
 * the same for both. Every route that takes an id comes through here (tests/contract/tenancy.test.ts).
 */
import type { Access } from '../domain/api-key.ts';
import type { Certificate } from '../domain/certificate.ts';
import type { Context } from '../domain/context.ts';
import type { Download } from '../domain/download.ts';
import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { Extension } from '../domain/extension.ts';
import { isUuid } from '../domain/ids.ts';
import { isOwnedBy, type Owned } from '../domain/ownership.ts';
import type { Project } from '../domain/project.ts';
import type { Session } from '../domain/session.ts';
import type { Webhook } from '../domain/webhook.ts';

/** Reads one item by its id, whosever it is. */
export type Find<Item> = (id: string) => Promise<Item | undefined>;

export const requireSession = (
  getSession: Find<Session>,
  projectId: string,
  sessionId: string,
): Promise<Session> => requireOwned(uuidsOnly(getSession), [projectId], [sessionId, 'SESSION_NOT_FOUND']);

export const requireContext = (
  getContext: Find<Context>,
  projectId: string,
  contextId: string,
): Promise<Context> => requireOwned(uuidsOnly(getContext), [projectId], [contextId, 'CONTEXT_NOT_FOUND']);

export const requireDownload = (
  getDownload: Find<Download>,
  projectId: string,
  downloadId: string,
): Promise<Download> => requireOwned(uuidsOnly(getDownload), [projectId], [downloadId, 'DOWNLOAD_NOT_FOUND']);

export const requireExtension = (
  getExtension: Find<Extension>,
  projectId: string,
  extensionId: string,
): Promise<Extension> =>
  requireOwned(uuidsOnly(getExtension), [projectId], [extensionId, 'EXTENSION_NOT_FOUND']);

export const requireCertificate = (
  getCertificate: Find<Certificate>,
  projectId: string,
  certificateId: string,
): Promise<Certificate> =>
  requireOwned(uuidsOnly(getCertificate), [projectId], [certificateId, 'CERTIFICATE_NOT_FOUND']);

export const requireWebhook = (
  getWebhook: Find<Webhook>,
  projectId: string,
  webhookId: string,
): Promise<Webhook> => requireOwned(uuidsOnly(getWebhook), [projectId], [webhookId, 'WEBHOOK_NOT_FOUND']);

/** One that the key does not open is not even looked up. */
export const requireProject = (
  getProject: Find<Project>,
  { projectIds }: Pick<Access, 'projectIds'>,
  projectId: string,
): Promise<Project> => {
  const find = isOwnedBy(projectIds, { projectId }) ? getProject : findNothing;
  return requireOwned(find, projectIds, [projectId, 'PROJECT_NOT_FOUND']);
};

type NotFound = Extract<ErrorCode, `${string}_NOT_FOUND`>;

async function requireOwned<Item extends Owned>(
  find: Find<Item>,
  projectIds: readonly string[],
  [id, notFound]: readonly [string, NotFound],
): Promise<Item> {
  const item = await find(id);
  if (!isOwnedBy(projectIds, item)) throw new AppError(notFound, [id]);
  return item;
}

const findNothing = async (): Promise<undefined> => undefined;

const uuidsOnly =
  <Item>(find: Find<Item>): Find<Item> =>
  (id) =>
    isUuid(id) ? find(id) : findNothing();
