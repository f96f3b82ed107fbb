/** Threat: a file that is uploaded as a certificate is something else, holds a secret, or is to be trusted by others. */
import { X509Certificate } from 'node:crypto';
import { toFile } from '@browserbasehq/sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_CERTIFICATES_OF_A_PROJECT } from '../../core/domain/certificate-limits.ts';
import { AUTHORITY, NAMESAKE, SITE_CERTIFICATE, SITE_KEY } from '../../core/testing/test-authority.ts';
import { runAdmin } from '../e2e/support/admin.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

let wallcrawler: Wallcrawler;
let theirKey: string;

const certificates = suite('files that are uploaded as certificates');

certificates.before(async () => {
  wallcrawler = await startWallcrawler();
  await runAdmin(wallcrawler.dataDir, 'projects', 'create', '--name', 'other', '--id', 'other');
  const { output } = await runAdmin(wallcrawler.dataDir, 'keys', 'create', '--project', 'other');
  theirKey = output.trim().split('\n').at(-1) ?? '';
});
certificates.after(() => wallcrawler.dispose());

const der = new X509Certificate(AUTHORITY).raw;
const pemOf = (bytes: Buffer, label = 'CERTIFICATE') =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64')}\n-----END ${label}-----\n`;

const upload = async (file: string | Buffer, name = 'ca.pem', apiKey?: string) =>
  wallcrawler.client(apiKey).certificates.create({ file: await toFile(Buffer.from(file), name) });
const refusalOf = async (file: string | Buffer, name?: string) =>
  upload(file, name).then(
    ({ id }) => assert.unreachable(`it was taken as ${id}`) as never,
    (error: Error & { status: number }) => error,
  );
const count = async () => (await wallcrawler.client().certificates.list()).length;

/** In the middle of the DER: a length that promises more than there is. */
function lying(): Buffer {
  const bytes = Buffer.from(der);
  bytes.writeUInt16BE(0xffff, 2);
  return bytes;
}

certificates(
  'are refused, each with a reason and without a word of its own, and nothing of them is stored',
  async () => {
    const secretLine = SITE_KEY.split('\n')[1] ?? '';
    for (const [what, file] of [
      ['nothing', ''],
      ['NULs', Buffer.alloc(1_000)],
      ['DER', der],
      ['DER as PEM of something else', pemOf(der, 'PKCS7')],
      ['PEM in PEM', pemOf(Buffer.from(AUTHORITY))],
      ['a label with a NUL', pemOf(der, 'CERTIFICATE\u0000')],
      ['a NUL within', AUTHORITY.replace('MII', 'MI\u0000I')],
      ['DER with a tail', pemOf(Buffer.concat([der, Buffer.alloc(100)]))],
      ['DER that lies about its length', pemOf(lying())],
      ['two', AUTHORITY + NAMESAKE],
      ['a hundred', AUTHORITY.repeat(12)],
      ['a site’s', SITE_CERTIFICATE],
      ['a key', SITE_KEY],
      ['a key behind it', AUTHORITY + SITE_KEY],
      ['a key without its first line', AUTHORITY + SITE_KEY.split('\n').slice(1).join('\n')],
      ['beginnings alone', '-----BEGIN CERTIFICATE-----\n'.repeat(500)],
    ] as const) {
      const { status, message } = await refusalOf(file);
      assert.is(status, 400, what);
      assert.match(message, 'body/file', what);
      assert.not.ok(message.includes(secretLine), what);
      assert.ok(message.length < 400, what);
    }
    for (const [what, bytes] of [
      ['17 KB', 17_000],
      ['1 MB', 1_000_000],
    ] as const)
      assert.is((await refusalOf(Buffer.alloc(bytes, 'A'))).status, 413, what);
    assert.is(await count(), 0);
  },
);

certificates('are called anything, which is kept nowhere', async () => {
  const made = [];
  for (const name of ['../../etc/passwd', 'a\r\nx: y.pem', `${'n'.repeat(200)}.pem`, '<script>.pem', '.pem'])
    made.push(
      await upload(AUTHORITY, name).catch(({ status }: { status: number }) => assert.is(status, 400)),
    );
  const taken = made.filter((each) => each !== undefined);
  assert.ok(taken.length > 0);
  const list = JSON.stringify(await wallcrawler.client().certificates.list());
  for (const part of ['passwd', 'script', 'nnn', 'BEGIN']) assert.not.ok(list.includes(part), part);
  for (const each of taken) await wallcrawler.client().certificates.delete((each as { id: string }).id);
});

certificates(
  'of another project are trusted by no session, and are the 404 of those that never were',
  async () => {
    const { id } = await upload(AUTHORITY);
    const never = '00000000-0000-4000-8000-000000000000';
    const theirs = wallcrawler.client(theirKey);
    const answers: string[] = [];
    for (const certificate of [id, never]) {
      for (const ask of [
        () => theirs.certificates.retrieve(certificate),
        () => theirs.certificates.delete(certificate),
        () => theirs.sessions.create({ proxySettings: { caCertificates: [certificate] } }),
      ]) {
        const error = (await ask().catch((fault: unknown) => fault)) as Error & { status: number };
        assert.is(error.status, 404, String(error));
        answers.push(error.message.replaceAll(certificate, 'ID'));
      }
    }
    assert.equal(answers.slice(0, 3), answers.slice(3));
    assert.equal(await theirs.certificates.list(), []);
    assert.is((await wallcrawler.client().certificates.retrieve(id)).id, id);
    await wallcrawler.client().certificates.delete(id);
  },
);

certificates('are at most a hundred of a project, and the others have theirs', async () => {
  const before = await count();
  for (let made = before; made < MAX_CERTIFICATES_OF_A_PROJECT; made++) await upload(AUTHORITY);
  assert.is((await refusalOf(AUTHORITY)).status, 422);
  assert.is(await count(), MAX_CERTIFICATES_OF_A_PROJECT);
  assert.ok((await upload(AUTHORITY, 'ca.pem', theirKey)).id);
});

certificates.run();
