import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Webhook } from '../../core/domain/webhook.ts';
import { parseAllowedNetworks } from '../../core/public-network/public-address.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { type CreateWebhookBody, type CreateWebhookDeps, createWebhook } from './create-webhook.ts';

const NOW = new Date('2026-06-01T00:00:00.000Z');
const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

function create(body: CreateWebhookBody, changes: Partial<CreateWebhookDeps> = {}) {
  const stored: Webhook[] = [];
  const answer = createWebhook({
    newId: () => 'w1',
    newSecretBytes: () => Buffer.alloc(32, 1),
    now: () => NOW,
    allowedNetworks: [],
    countWebhooks: async () => 19,
    storeWebhook: async (webhook) => void stored.push(webhook),
    ...changes,
  })(newRequest({ body }));
  return { answer, stored };
}

const creating = suite('createWebhook');

creating('stores it, and answers it with its secret', async () => {
  const { answer, stored } = create({
    projectId: 'p2',
    endpoint: 'https://receiver.example/hook?key=1',
    eventTypes: ['session.ended'],
    categories: ['crash'],
  });
  const { status, body } = await answer;
  assert.is(status, 201);
  assert.equal(body, {
    id: 'w1',
    projectId: 'p2',
    endpoint: 'https://receiver.example/hook?key=1',
    description: null,
    eventTypes: ['session.ended'],
    categories: ['crash'],
    enabled: true,
    failingSince: null,
    disabledReason: null,
    createdAt: NOW.toISOString(),
    updatedAt: NOW.toISOString(),
    secret: SECRET,
  });
  assert.is(stored[0]?.secrets[0].secret, SECRET);
});

creating('is refused to a project that has as many as it may have, and in a project of others', async () => {
  const full = create({ endpoint: 'https://a.example' }, { countWebhooks: async () => 20 });
  const { status, message } = await appErrorOf(full.answer);
  assert.is(status, 422);
  assert.match(message, 'This project has 20 webhooks');
  const foreign = create({ endpoint: 'https://a.example', projectId: 'p3' });
  assert.is((await appErrorOf(foreign.answer)).status, 403);
  assert.equal([full.stored, foreign.stored], [[], []]);
});

const urls = suite('the URL of a webhook');

for (const [url, why] of [
  ['nothing', 'is refused: The URL must start with http'],
  ['https://[nothing/', 'is refused: The URL is not valid'],
  ['ftp://a.example', 'is refused: The URL must start with http'],
  ['http://a.example/', 'must start with https://'],
  ['http://127.0.0.1/', 'must be on the public network'],
  ['https://user:secret@a.example/', 'is refused: The URL has credentials'],
  ['https://a.example:25/', 'is refused: Port 25'],
  ['https://2130706433/', 'is refused: The URL has an address'],
  ['https://127.0.0.1/', 'must be on the public network'],
  ['https://[::1]/', 'must be on the public network'],
  ['https://169.254.169.254/latest', 'must be on the public network'],
  ['https://[::ffff:10.0.0.1]/', 'must be on the public network'],
  ['https://10.0.0.1:8443/', 'must be on the public network'],
  ['https://a.example/\nb', 'is refused: The URL has blanks'],
] as const) {
  urls(`is not ${JSON.stringify(url)}`, async () => {
    const { answer, stored } = create({ endpoint: url });
    const { status, message } = await appErrorOf(answer);
    assert.is(status, 400);
    assert.match(message, `body/endpoint ${why}`);
    assert.not.match(message, 'secret');
    assert.equal(stored, []);
  });
}

urls('may be of the owner’s own networks, and there without encryption', async () => {
  const own = { allowedNetworks: parseAllowedNetworks(['127.0.0.0/8']) };
  for (const url of ['http://127.0.0.1:8000/', 'https://127.0.0.1/', 'http://localhost:8000/'])
    assert.is((await create({ endpoint: url }, own).answer).status, 201, url);
  for (const url of ['http://10.0.0.1/', 'https://10.0.0.1/', 'http://8.8.8.8/', 'http://[::1]/'])
    assert.is((await appErrorOf(create({ endpoint: url }, own).answer)).status, 400, url);
});

creating.run();
urls.run();
