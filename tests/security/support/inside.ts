/** A machine whose browsers are guarded, as on AWS, with a victim's session on it and an intruder's in another. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { until } from '../../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../../e2e/support/wallcrawler.ts';
import { formOf } from './belongings.ts';
import { greedyExtension } from './greedy-extension.ts';
import { type Intruder, intrude } from './intruder.ts';

/** Where the intruder's own site is, which the guard lets it reach; nothing else of this machine is there. */
const SITE_HOST = '127.0.0.77';
/** What only the victim has. */
export const MARK = 'the-mark-of-the-victim';

export interface Inside {
  readonly machine: Wallcrawler;
  /** Of the intruder's site: `/file:<name>` is a download of that name. */
  readonly origin: string;
  readonly canaryPort: number;
  /** How often what nothing from inside may reach was reached. */
  canaryCalls(): number;
  readonly victim: Intruder;
  readonly intruder: Intruder;
  /** The same client's other page: of an extension with every permission. */
  readonly extension: Intruder;
  readonly sessionId: string;
  readonly connectUrl: string;
  /** Nothing of the platform's, and nothing of the victim's. */
  assertNothingIn(text: string, where: string): void;
  close(): Promise<void>;
}

const TOKEN = /eyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]{20,}/;

function assertNothingIn({ dataDir, apiKey }: Wallcrawler, text: string, where: string): void {
  const read = readFileSync(join(dataDir, 'aws/credentials.json'), 'utf8');
  const { secretAccessKey } = JSON.parse(read) as { secretAccessKey: string };
  for (const secret of [secretAccessKey, 'BEGIN PRIVATE KEY', apiKey, MARK])
    assert.not.ok(text.includes(secret), `${secret} in ${where}`);
  assert.not.match(text, TOKEN, where);
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function startSite(): Promise<Server> {
  const site = createServer((request, response) => {
    const name = decodeURIComponent(request.url ?? '').slice(1);
    const isFile = name.startsWith('file:');
    response.setHeader('content-type', isFile ? 'application/octet-stream' : 'text/html');
    if (isFile) response.setHeader('content-disposition', `attachment; filename="${name.slice(5)}"`);
    response.end('<title>a</title>');
  }).listen(0, SITE_HOST);
  await until('the site listens', async () => site.listening);
  return site;
}

/** Its worker is there for half a minute after it was loaded. */
const extensionOrigin = ({ cdp }: Intruder) =>
  until('the extension is loaded', async () => {
    const { targetInfos } = (await cdp.send('Target.getTargets')).result as {
      targetInfos: { type: string; url: string }[];
    };
    const worker = targetInfos.find(({ type, url }) => type === 'service_worker' && url.endsWith('/sw.js'));
    return worker?.url.replace('/sw.js', '');
  });

export async function startInside(): Promise<Inside> {
  const site = await startSite();
  let canaryCalls = 0;
  const canary = createServer((_, response) => {
    canaryCalls++;
    response.setHeader('access-control-allow-origin', '*').end('canary');
  }).listen(0, '127.0.0.1');
  await until('the canary listens', async () => canary.listening);
  const origin = `http://${SITE_HOST}:${portOf(site)}`;
  const machine = await startWallcrawler({
    env: { WALLCRAWLER_EGRESS: '1', WALLCRAWLER_ALLOWED_NETWORKS: `${SITE_HOST}/32` },
  });
  const client = machine.client();
  const form = await formOf(greedyExtension(), 'e.zip');
  const made = await machine.call('/v1/extensions', { method: 'POST', ...form });
  const { id: extensionId } = (await made.json()) as { id: string };
  const one = await client.sessions.create({ keepAlive: true, userMetadata: { mark: MARK } });
  const { id: sessionId, connectUrl } = await client.sessions.create({ keepAlive: true, extensionId });
  const victim = await intrude(one.connectUrl);
  const intruder = await intrude(connectUrl);
  const extension = await intrude(connectUrl);
  await extension.look(`${await extensionOrigin(intruder)}/page.html`);
  await victim.look(`${origin}/`);
  await victim.run(`document.cookie = 'mark=${MARK}; max-age=9999'; document.title = '${MARK}'`);
  return {
    machine,
    origin,
    canaryPort: portOf(canary),
    canaryCalls: () => canaryCalls,
    victim,
    intruder,
    extension,
    sessionId,
    connectUrl,
    assertNothingIn: (text, where) => assertNothingIn(machine, text, where),
    async close() {
      for (const { cdp } of [victim, intruder, extension]) cdp.cut();
      await machine.dispose();
      for (const server of [site, canary]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
