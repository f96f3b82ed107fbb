import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebhookChanges } from '../../core/aws/webhooks/update-webhook.ts';
import type { Webhook } from '../../core/domain/webhook.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newWebhook } from '../../core/testing/new-webhook.ts';
import { deleteWebhook } from './delete-webhook.ts';
import { listWebhooks } from './list-webhooks.ts';
import { retrieveWebhook } from './retrieve-webhook.ts';
import { rotateWebhookSecret } from './rotate-webhook-secret.ts';
import { type UpdateWebhookBody, updateWebhook } from './update-webhook.ts';

const NOW = new Date('2026-06-02T00:00:00.000Z');
const ID = newWebhook().webhookId;

/** The deps of every use case of one webhook, over one that is stored. */
function store(webhook: Webhook | undefined = newWebhook()) {
  const changed: WebhookChanges[] = [];
  const removed: string[] = [];
  return {
    changed,
    removed,
    deps: {
      now: () => NOW,
      allowedNetworks: [],
      newSecretBytes: () => Buffer.alloc(32, 2),
      getWebhook: async () => webhook,
      listWebhooks: async () => (webhook === undefined ? [] : [webhook]),
      updateWebhook: async (seen: Webhook, changes: WebhookChanges): Promise<Webhook | undefined> => {
        changed.push(changes);
        return { ...seen, ...changes };
      },
      removeWebhook: async (id: string) => void removed.push(id),
    },
  };
}
const requestOf = <Body>(body: Body) => newRequest<Body>({ pathId: ID, body });

const updating = suite('a webhook that is there');

updating('changes in what is said, and in nothing else', async () => {
  const { deps, changed } = store();
  const body: UpdateWebhookBody = { enabled: false, categories: ['crash'], description: '' };
  const answer = await updateWebhook(deps)(requestOf(body));
  assert.equal(changed, [
    { description: '', categories: ['crash'], isEnabled: false, updatedAt: NOW.toISOString() },
  ]);
  const view = answer.body as Record<string, unknown>;
  assert.equal(
    [view.endpoint, view.enabled, view.secret],
    ['https://receiver.example/hook', false, undefined],
  );
});

updating('is answered as it is where nothing is to change', async () => {
  const { deps, changed } = store();
  const answer = await updateWebhook(deps)(requestOf({}));
  assert.equal(answer, await retrieveWebhook(deps)(requestOf({})));
  assert.equal(changed, []);
});

updating('is not changed to a URL that can never be sent to', async () => {
  const { deps, changed } = store();
  const { status } = await appErrorOf(updateWebhook(deps)(requestOf({ endpoint: 'https://10.0.0.1/' })));
  assert.equal([status, changed], [400, []]);
});

updating('gets a new secret, beside which the old one stays for a day, or not at all', async () => {
  const old = newWebhook().secrets[0].secret;
  for (const [body, validUntil] of [
    [{}, '2026-06-03T00:00:00.000Z'],
    [{ revokeImmediately: false }, '2026-06-03T00:00:00.000Z'],
    [{ revokeImmediately: true }, undefined],
  ] as const) {
    const { deps, changed } = store();
    const view = (await rotateWebhookSecret(deps)(requestOf(body))).body as { secret: string };
    const [next, before] = changed[0]?.secrets ?? [];
    assert.is(view.secret, next?.secret);
    assert.equal(
      [before?.secret, before?.validUntil],
      validUntil === undefined ? [undefined, undefined] : [old, validUntil],
    );
    assert.is.not(view.secret, old);
  }
});

updating('that somebody else changes at the same moment is left as they made it', async () => {
  const { deps } = store();
  const race = { ...deps, updateWebhook: async () => undefined };
  for (const answer of [
    updateWebhook(race)(requestOf({ enabled: true })),
    rotateWebhookSecret(race)(requestOf({})),
  ])
    assert.is((await appErrorOf(answer)).code, 'WEBHOOK_CHANGED');
});

updating('shows its secret to nobody who looks at it', async () => {
  const { deps } = store();
  const looks = [await retrieveWebhook(deps)(requestOf({})), await listWebhooks(deps)(requestOf({}))];
  for (const { body } of looks) {
    assert.match(JSON.stringify(body), ID);
    assert.not.match(JSON.stringify(body), /secret|whsec/);
  }
});

updating('can be deleted', async () => {
  const { deps, removed } = store();
  assert.is((await deleteWebhook(deps)(requestOf({}))).status, 204);
  assert.equal(removed, [ID]);
});

updating.run();
