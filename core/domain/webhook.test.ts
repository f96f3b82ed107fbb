import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newWebhook } from '../testing/new-webhook.ts';
import { type Webhook, wantsEvent } from './webhook.ts';

const READY = { type: 'session.ready', category: 'session' };
const CRASH = { type: 'page.crashed', category: 'crash' };
const LEFT = { type: 'client.disconnected', category: 'client' };

const wants = suite('what a webhook wants to hear');

for (const [changes, heard] of [
  [{}, [true, true, true]],
  [{ eventTypes: ['session.ready'] }, [true, false, false]],
  [{ eventTypes: ['functions.builds.failed'] }, [false, false, false]],
  [{ categories: ['crash'] }, [false, true, false]],
  [{ eventTypes: ['session.ready'], categories: ['crash'] }, [true, true, false]],
  [{ isEnabled: false }, [false, false, false]],
] as readonly (readonly [Partial<Webhook>, readonly boolean[]])[]) {
  wants(`is ${heard} of ${JSON.stringify(changes)}`, () => {
    const webhook = newWebhook(changes);
    assert.equal(
      [READY, CRASH, LEFT].map((event) => wantsEvent(webhook, event)),
      heard,
    );
  });
}

wants.run();
