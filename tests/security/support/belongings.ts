/** One of everything that a project can have, and of what can be deleted one that was. */
import { chromium } from 'playwright-core';
import { buildExtensionZip } from '../../../core/extension-zip/testing/build-zip.ts';
import { AUTHORITY } from '../../../core/testing/test-authority.ts';
import { putFilm } from '../../e2e/support/put-film.ts';
import { until } from '../../e2e/support/until.ts';
import { type StartedUpload, startUpload } from '../../e2e/support/upload-extension.ts';
import type { Wallcrawler } from '../../e2e/support/wallcrawler.ts';

/** What `{id}` stands for, by the beginning of a path. */
export type Kind =
  | 'sessions'
  | 'contexts'
  | 'projects'
  | 'certificates'
  | 'downloads'
  | 'extensions'
  | 'extensions/uploads'
  | 'webhooks';

export interface Belongings {
  /** Of sessions one that runs and one that has ended, with a film, events and a log. */
  readonly ids: Readonly<Record<Kind, readonly string[]>>;
  readonly deleted: Readonly<Partial<Record<Kind, string>>>;
  readonly deliveryId: string;
}

export const MARK = 'a-mark-of-the-owner';
const SAVE_A_FILE = `Object.assign(document.createElement('a'), {
  href: 'data:text/csv,1', download: '${MARK}.csv' }).click()`;

export async function makeBelongings(machine: Wallcrawler): Promise<Belongings> {
  const client = machine.client();
  const webhook = await makeWebhook(machine);
  const session = await client.sessions.create({ keepAlive: true, userMetadata: { mark: MARK } });
  const ended = await client.sessions.create({ userMetadata: { mark: MARK } });
  const downloads = await download(machine, session.connectUrl, session.id);
  await client.sessions.update(ended.id, { status: 'REQUEST_RELEASE' });
  await until('it ends', async () => (await client.sessions.retrieve(ended.id)).status === 'COMPLETED');
  await putFilm(machine, ended.id);

  const contexts = [await client.contexts.create(), await client.contexts.create()];
  const extensions = [await makeExtension(machine), await makeExtension(machine)];
  const certificates = [await makeCertificate(machine), await makeCertificate(machine)];
  const [deletedWebhook, uploadId] = [await makeWebhook(machine), await startExtension(machine)];
  const pairs = {
    contexts: contexts.map(({ id }) => id),
    extensions,
    certificates,
    downloads,
    webhooks: [webhook, deletedWebhook],
  };
  const deleted = Object.fromEntries(Object.entries(pairs).map(([kind, [, gone]]) => [kind, gone]));
  for (const [kind, id] of Object.entries(deleted))
    await machine.call(`/v1/${kind}/${id}`, { method: 'DELETE' });
  const own = Object.fromEntries(Object.entries(pairs).map(([kind, [kept = '']]) => [kind, [kept]]));
  const ids = {
    ...own,
    sessions: [session.id, ended.id],
    projects: ['local'],
    'extensions/uploads': [uploadId],
  } as unknown as Belongings['ids'];
  return { ids, deleted, deliveryId: await deliveryOf(machine, webhook) };
}

async function idOf(answer: Response): Promise<string> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text}`);
  return (JSON.parse(text) as { id: string }).id;
}

/** Nobody listens there: its deliveries fail. */
const makeWebhook = async (machine: Wallcrawler): Promise<string> => {
  const body = JSON.stringify({ endpoint: `http://127.0.0.2:9999/${MARK}`, eventTypes: ['session.created'] });
  return idOf(await machine.call('/v1/webhooks', { method: 'POST', body }));
};

const deliveryOf = (machine: Wallcrawler, webhookId: string): Promise<string> =>
  until('a delivery was tried', async () => {
    const answer = await machine.call(`/v1/webhooks/${webhookId}/deliveries`);
    const [delivery] = (await answer.json()) as { id: string; tries: unknown[] }[];
    return delivery !== undefined && delivery.tries.length > 0 && delivery.id;
  });

/** A file as a form of one part, which `fetch` does not have to name. */
export async function formOf(bytes: Uint8Array | string, name: string) {
  const form = new FormData();
  form.set('file', new File([bytes as string], name));
  const encoded = new Response(form);
  return {
    body: await encoded.bytes(),
    headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
  };
}

const makeExtension = async (machine: Wallcrawler): Promise<string> => {
  const form = await formOf(buildExtensionZip(), `${MARK}.zip`);
  return idOf(await machine.call('/v1/extensions', { method: 'POST', ...form }));
};

const makeCertificate = async (machine: Wallcrawler): Promise<string> => {
  const form = await formOf(AUTHORITY, 'ca.pem');
  return idOf(await machine.call('/v1/certificates', { method: 'POST', ...form }));
};

/** What was sent, and has not become an extension yet. */
async function startExtension(machine: Wallcrawler): Promise<string> {
  const zip = buildExtensionZip();
  const { id, uploadUrl } = (await (await startUpload(machine, zip.length)).json()) as StartedUpload;
  await fetch(uploadUrl, { method: 'PUT', body: new Uint8Array(zip) });
  return id;
}

async function download(machine: Wallcrawler, connectUrl: string, sessionId: string): Promise<string[]> {
  const browser = await chromium.connectOverCDP(connectUrl);
  const page = browser.contexts()[0]?.pages()[0];
  const list = async () => {
    const answer = await machine.call(`/v1/downloads?sessionId=${sessionId}`);
    return ((await answer.json()) as { downloads: { id: string }[] }).downloads;
  };
  for (let count = 1; count <= 2; count++) {
    await page?.evaluate(SAVE_A_FILE);
    await until('the file is listed', async () => (await list()).length === count);
  }
  await browser.close();
  return (await list()).map(({ id }) => id);
}
