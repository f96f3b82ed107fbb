import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AdHostsError, isAdHost, loadAdHosts, readAdHosts } from './ad-hosts.ts';

const t = suite('the list of ad hosts');

t('has what follows an address, or stands alone, and no machine’s own names', () => {
  const hosts = readAdHosts(`# a list
127.0.0.1 localhost localhost.localdomain
::1 ip6-localhost ip6-loopback
fe80::1%lo0 localhost
0.0.0.0 0.0.0.0
0.0.0.0 Ads.example\ttrack.example # two
plain.example\r
  indented.example
10.0.0.1
||rule.example^
com
https://url.example/
-bad.example
a..b.example
`);
  assert.equal([...hosts], ['ads.example', 'track.example', 'plain.example', 'indented.example']);
});

t('names all that is below a host, and nothing above', () => {
  const hosts = readAdHosts('ads.example.com');
  for (const host of ['ads.example.com', 'a.b.ads.example.com']) assert.ok(isAdHost(host, hosts), host);
  for (const host of ['example.com', 'notads.example.com', 'ads.example.com.evil.example', 'com', '::1', ''])
    assert.not(isAdHost(host, hosts), host);
});

t('is looked up in no time, however deep a name is', () => {
  const hosts = readAdHosts('0.0.0.0 ads.example');
  const startedAt = performance.now();
  for (let i = 0; i < 10_000; i++) isAdHost(`${'a.'.repeat(120)}example`, hosts);
  assert.ok(performance.now() - startedAt < 2_000);
});

t('that is missing, or names nothing, is said so', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'wallcrawler-ads-'));
  try {
    const file = path.join(folder, 'hosts');
    const faultOf = (at: string | undefined) =>
      loadAdHosts(at).then(
        () => assert.unreachable('it is a list'),
        (error: Error) => error,
      );
    for (const [at, words] of [
      [undefined, /there is no list/],
      [file, /cannot be read \(ENOENT\)/],
      [folder, /cannot be read \(EISDIR\)/],
    ] as const) {
      const error = await faultOf(at);
      assert.instance(error, AdHostsError);
      assert.match((error as Error).message, words);
    }
    await writeFile(file, '# nothing\n');
    assert.match(((await faultOf(file)) as Error).message, /names none/);
    await writeFile(file, 'ads.example\n');
    assert.is((await loadAdHosts(file)).size, 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

t.run();
