/** Creates on a platform that sees nobody leave: how long their sessions wait for the first client. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseSettings } from '../../core/domain/container-settings.ts';
import { SESSION_DEADLINES } from '../../core/domain/timing.ts';
import type { CreateSessionBody } from './create-session-request.ts';
import { createRetryPlatform, settle } from './testing/retry-platform.ts';

const { unseenConnectMs } = SESSION_DEADLINES;
const ID = '00000000-0000-4000-8000-00000000000a';
const SDK = { 'x-stainless-retry-count': '0', 'x-stainless-timeout': '60' };
const HEADER = 'x-wallcrawler-connect-within';

const unseen = suite('a create whose caller nobody sees leave');

/** What its session, its container and its caller are told. */
async function told(
  { headers = {}, body = {} }: { headers?: Record<string, string>; body?: CreateSessionBody },
  platform = createRetryPlatform({ unseenConnectMs }),
) {
  const { answer } = platform.send(headers, body);
  await settle();
  const id = body.id ?? 's1';
  platform.ready(id);
  const settings = parseSettings(JSON.parse(platform.environments.get(id)?.SESSION_SETTINGS ?? ''));
  return {
    session: platform.sessions.get(id)?.connectDeadlineMs,
    container: settings.connectDeadlineMs,
    caller: (await answer).headers?.[HEADER],
  };
}

const USUAL = { session: undefined, container: null, caller: undefined };

unseen('and that tells nothing of itself has less time to connect, and is told so', async () => {
  assert.equal(await told({}), { session: unseenConnectMs, container: unseenConnectMs, caller: '90' });
});

for (const [what, request] of [
  ['tells how long it waits', { headers: SDK }],
  ['has an Idempotency-Key', { headers: { 'idempotency-key': 'order-17' } }],
  ['chose the id', { body: { id: ID } }],
  ['asks for keepAlive', { body: { keepAlive: true } }],
] as const) {
  unseen(`and that ${what} has the usual time`, async () => assert.equal(await told(request), USUAL));
}

unseen('is a matter of such a platform alone: elsewhere everybody has the usual time', async () => {
  assert.equal(await told({}, createRetryPlatform()), USUAL);
});

unseen.run();
