/** Certificates by the real client: uploaded, trusted in a session that starts and in one whose browser waited, and deleted. */
import { type Browserbase, NotFoundError, toFile } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  AUTHORITY,
  SITE_CERTIFICATE,
  SITE_KEY,
  type SignedSite,
  startSignedSite,
} from '../../core/testing/test-authority.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';
import { filled, startOf } from './support/warm-pool.ts';

let wallcrawler: Wallcrawler;
let client: Browserbase;
let site: SignedSite;

const certificates = suite('certificates');

certificates.before(async () => {
  site = await startSignedSite();
  wallcrawler = await startWallcrawler({ env: { WALLCRAWLER_WARM: '1' } });
  client = wallcrawler.client();
});

certificates.after(async () => {
  await wallcrawler.dispose();
  await site.stop();
});

/** What a new session's browser makes of a page. The session is left running. */
async function visiting(caCertificates?: string[]) {
  const params = caCertificates === undefined ? {} : { proxySettings: { caCertificates } };
  const { data: session, response } = await client.sessions.create(params).withResponse();
  assert.is(response.headers.get('x-wallcrawler-ignored'), null);
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const visit = async (url: string) => {
    const [context] = browser.contexts();
    const page = await context?.newPage();
    const fault = await page?.goto(url).catch((error: Error) => error.message);
    return typeof fault === 'string' ? /ERR_\w+/.exec(fault)?.[0] : page?.innerText('body');
  };
  return { ...session, browser, visit };
}

certificates('are trusted by the sessions that name them, cold and warm, and by no other', async () => {
  const made = await client.certificates.create({ file: await toFile(Buffer.from(AUTHORITY), 'ca.pem') });
  assert.equal(Object.keys(made).sort(), ['createdAt', 'id', 'projectId', 'updatedAt']);
  assert.equal(await client.certificates.retrieve(made.id), made);
  assert.equal(await client.certificates.list(), [made]);

  await filled(wallcrawler);
  // Of two at once one finds no browser that waits.
  const trusting = await Promise.all([visiting([made.id]), visiting([made.id])]);
  assert.equal(trusting.map(({ id }) => startOf(wallcrawler, id)).sort(), ['cold', 'warm']);
  const plain = await visiting();
  for (const session of trusting) {
    assert.is(await session.visit(site.url), 'signed');
    assert.is(await session.visit(site.otherUrl), 'ERR_CERT_COMMON_NAME_INVALID');
  }
  assert.is(await plain.visit(site.url), 'ERR_CERT_AUTHORITY_INVALID');

  await client.certificates.delete(made.id);
  for (const session of trusting) assert.is(await session.visit(site.url), 'signed');
  assert.equal(await client.certificates.list(), []);
  for (const ask of [
    () => client.certificates.retrieve(made.id),
    () => client.certificates.delete(made.id),
    () => client.sessions.create({ proxySettings: { caCertificates: [made.id] } }),
  ]) {
    const error = await ask().catch((thrown: unknown) => thrown);
    assert.instance(error, NotFoundError);
    assert.match((error as Error).message, `No certificate ${made.id} in this project`);
  }
  for (const { browser } of [...trusting, plain]) await browser.close();
});

certificates('that are none are a 400 or a 413, which says why and names the field', async () => {
  const upload = async (text: string) =>
    client.certificates
      .create({ file: await toFile(Buffer.from(text), 'ca.pem') })
      .then(() => assert.unreachable('it was taken'))
      .catch((thrown) => thrown);
  for (const [text, fault] of [
    ['no pem', 'it is not PEM'],
    [SITE_CERTIFICATE, 'it is not the certificate of an authority'],
    [AUTHORITY + SITE_KEY, 'it holds a private key'],
  ] as const) {
    const error = await upload(text);
    assert.is(error.status, 400);
    assert.match(error.message, `body/file must be one CA certificate as PEM: ${fault}`);
  }
  assert.is((await upload('x'.repeat(16_385))).status, 413);
  assert.equal(await client.certificates.list(), []);
  for (const [caCertificates, field] of [
    [['x'], 'body/proxySettings/caCertificates/0'],
    [Array.from({ length: 11 }, () => crypto.randomUUID()), 'body/proxySettings/caCertificates'],
  ] as const) {
    const error = await client.sessions
      .create({ proxySettings: { caCertificates: [...caCertificates] } })
      .catch((thrown) => thrown);
    assert.is(error.status, 400);
    assert.match(error.message, field);
  }
});

certificates.run();
