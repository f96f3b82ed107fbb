/** docs/webhooks.md, held against what is sent: its receiver's code runs here as it stands there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RETRY_DELAYS_SECONDS, toDeliveryView } from '../../core/domain/webhook-delivery.ts';
import { newSecret } from '../../core/domain/webhook-secret.ts';
import { newWebhookDelivery } from '../../core/testing/new-delivery.ts';
import { signMessage } from '../../core/webhooks/sign-message.ts';
import { codeSpans, fencedBlocks, tableRows } from './support/markdown.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'webhooks.md'), 'utf8');
const [SAMPLE = ''] = fencedBlocks(PAGE, 'js');
const SECRET = newSecret(Buffer.alloc(32, 1), new Date());
const MESSAGE = { messageId: 'm1', body: '{"type":"session.ended","text":"ü"}' };

type Verify = (body: string, headers: object, secret: string) => { readonly type: string };

async function loadSample(): Promise<Verify> {
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-page-'));
  try {
    writeFileSync(join(folder, 'verify.mjs'), SAMPLE);
    return ((await import(join(folder, 'verify.mjs'))) as { verify: Verify }).verify;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const page = suite('docs/webhooks.md');

page('has a receiver that takes what is signed with its secret, and nothing else', async () => {
  const verify = await loadSample();
  const now = new Date();
  const headers = signMessage(MESSAGE, [SECRET], now);
  const other = newSecret(Buffer.alloc(32, 2), now);
  assert.is(verify(MESSAGE.body, headers, SECRET.secret).type, 'session.ended');
  const both = signMessage(MESSAGE, [other, SECRET], now);
  assert.is(verify(MESSAGE.body, both, SECRET.secret).type, 'session.ended');
  const old = signMessage(MESSAGE, [SECRET], new Date(now.getTime() - 301_000));
  for (const [body, given, secret, why] of [
    [`${MESSAGE.body} `, headers, SECRET.secret, /not signed/],
    [MESSAGE.body, headers, other.secret, /not signed/],
    [MESSAGE.body, { ...headers, 'webhook-id': 'm2' }, SECRET.secret, /not signed/],
    [MESSAGE.body, { ...headers, 'webhook-signature': undefined }, SECRET.secret, /not signed/],
    [MESSAGE.body, old, SECRET.secret, /too old/],
    [MESSAGE.body, {}, SECRET.secret, /too old/],
  ] as const)
    assert.throws(() => verify(body, given, secret), why);
});

page('has the receiver of the example', () => {
  const example = readFileSync(join(ROOT, 'examples', 'webhook.mjs'), 'utf8');
  const bodyOf = (source: string) => /function verify\([\s\S]*?\n\}/.exec(source)?.[0];
  assert.ok(bodyOf(example));
  assert.is(bodyOf(SAMPLE), bodyOf(example));
});

page('shows a delivery as it is', () => {
  const [listed = ''] = fencedBlocks(PAGE, 'json');
  const [delivery] = JSON.parse(listed);
  const view = toDeliveryView(newWebhookDelivery({ tries: [{ at: 't', durationMs: 1 }] }));
  assert.equal(Object.keys(delivery), Object.keys(view));
  assert.equal(Object.keys(delivery.tries[0]), Object.keys(view.tries[0] ?? {}));
});

page('says when it is tried again', () => {
  assert.equal([...RETRY_DELAYS_SECONDS], [5, 30, 120, 600, 3_600, 10_800]);
  assert.match(PAGE, 'after 5 seconds, then 30 seconds, 2 minutes, 10 minutes, 1 hour and 3 hours');
});

page('has every reason for which there is no answer', () => {
  const source = readFileSync(join(ROOT, 'core/public-network/public-network-error.ts'), 'utf8');
  const faults = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, name = '']) => name);
  const rows = tableRows(PAGE.slice(PAGE.indexOf('| `error` |')));
  const written = rows.flatMap(([first = '']) => codeSpans(first)).filter((name) => name !== 'error');
  // A redirect is not followed, so there are never too many.
  assert.equal(written.toSorted(), faults.filter((name) => name !== 'too-many-redirects').toSorted());
});

page.run();
