import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AUTHORITY, NAMESAKE } from '../../core/testing/test-authority.ts';
import { CertificatesNotTrustedError } from './certificates-not-trusted.ts';
import { type TrustOptions, trustCertificates } from './trust-certificates.ts';

const PATH = '/usr/local/bin:/usr/bin:/bin';
const homes: string[] = [];

function newHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'wallcrawler-home-'));
  homes.push(home);
  return home;
}

/** A certutil of the test's own. */
function withCertutil(script: string): Pick<TrustOptions, 'home' | 'env'> {
  const home = newHome();
  writeFileSync(path.join(home, 'certutil'), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(home, 'certutil'), 0o755);
  return { home, env: { PATH: `${home}:/usr/bin:/bin` } };
}

const trust = (pems: readonly string[], { home = newHome(), ...more }: Partial<TrustOptions> = {}) =>
  trustCertificates(pems, { home, env: { PATH }, signal: new AbortController().signal, ...more });

async function faultOf(answer: Promise<void>): Promise<string> {
  const error = await answer.then(
    () => assert.unreachable('they are trusted'),
    (thrown: Error) => thrown,
  );
  assert.instance(error, CertificatesNotTrustedError);
  return (error as Error).message;
}

const trusting = suite('trustCertificates');

trusting.after(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

trusting(
  'puts each into the database of the home, for servers only; also two of one name, and one twice',
  async () => {
    const home = newHome();
    await trust([AUTHORITY, NAMESAKE, AUTHORITY], { home });
    const folder = path.join(home, '.pki', 'nssdb');
    const list = execFileSync('certutil', ['-L', '-d', `sql:${folder}`], { encoding: 'utf8' });
    assert.equal(
      list.match(/^session .*\S/gm)?.map((line) => line.replaceAll(/ +/g, ' ')),
      ['session 1 C,,', 'session 2 C,,'],
    );
    // By the name of one it lists all of that subject.
    const listed = ['-L', '-a', '-d', `sql:${folder}`, '-n', 'session 1'];
    const stored = execFileSync('certutil', listed, { encoding: 'utf8' }).replaceAll('\r', '');
    assert.ok(stored.includes(AUTHORITY.trim()) && stored.includes(NAMESAKE.trim()), stored);
  },
);

trusting('names the package that a machine without certutil lacks', async () => {
  const home = newHome();
  symlinkSync('/bin/mkdir', path.join(home, 'mkdir'));
  assert.is(
    await faultOf(trust([AUTHORITY], { home, env: { PATH: home } })),
    'certutil is not installed where the browser runs; on Debian it is in the package libnss3-tools',
  );
});

trusting('says what certutil says, without a path of this disk', async () => {
  const failing = withCertutil('echo "certutil: bad database in $PWD/.pki: corrupt" >&2; exit 255');
  assert.is(await faultOf(trust([AUTHORITY], failing)), 'certutil says: bad database in /.pki: corrupt');
  assert.is(await faultOf(trust([AUTHORITY], withCertutil('exit 3'))), 'certutil failed (3)');
  assert.match(await faultOf(trust(['no certificate'])), 'certutil says: error converting ascii to binary');
});

trusting('ends with a session that ends, and does not call that a fault of the certificates', async () => {
  const leaving = new AbortController();
  const { home, env } = withCertutil('echo > started; exec sleep 60');
  const watching = watch(home, (_, name) => name === 'started' && leaving.abort());
  const error = await trust([AUTHORITY], { home, env, signal: leaving.signal }).catch(
    (thrown: Error) => thrown,
  );
  watching.close();
  assert.is((error as Error).name, 'AbortError');
});

trusting.run();
