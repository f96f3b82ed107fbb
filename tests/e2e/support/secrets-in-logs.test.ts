import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { secretsInLogs } from './secrets-in-logs.ts';

const KEY = 'wc_a-key-of-this-test';
const TOKEN = `eyJhbGciOiJFUzI1NiJ9.eyJzaWQiOiJzLTEifQ.${'s'.repeat(40)}`;

const t = suite('reading a machine’s logs');
let dataDir: string;

t.before.each(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wallcrawler-logs-'));
  mkdirSync(join(dataDir, 'logs', 'functions'), { recursive: true });
});
t.after.each(() => rmSync(dataDir, { recursive: true, force: true }));

const found = (text: string) => {
  writeFileSync(join(dataDir, 'logs', 'functions', 'create-session.log'), text);
  return secretsInLogs({ dataDir, printed: 'ready http://127.0.0.1:1', keys: [KEY] });
};

for (const [what, text] of [
  ['a key', `{"key":"${KEY}"}`],
  ['a token', `connected by ws://127.0.0.1/v1/connect?token=${TOKEN}`],
  ['a signed URL', `PUT http://s3/b/k?X-Amz-Signature=${'a'.repeat(64)}`],
  ['a webhook’s secret', `whsec_${'b'.repeat(24)}`],
  ['a private key', `{"kty":"EC","d":"${'c'.repeat(43)}"}`],
] as const)
  t(`finds ${what}, and does not repeat it`, () => {
    const [told = '', ...others] = found(`{"message":"begin"}\n${text}`);
    assert.equal(others, []);
    assert.match(told, `${what} in create-session.log`);
    for (const secret of [KEY, TOKEN, 'a'.repeat(64), 'b'.repeat(24), 'c'.repeat(43)])
      assert.not.match(told, secret);
  });

t('finds nothing where there is nothing', () => {
  assert.equal(found('{"message":"session.start","sessionId":"s-1"}'), []);
});

t('reads what was printed as well', () => {
  assert.equal(secretsInLogs({ dataDir, printed: `key ${KEY}`, keys: [KEY] }), ['a key in what it printed']);
});

t.run();
