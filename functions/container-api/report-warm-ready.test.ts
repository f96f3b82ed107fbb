import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import type { WarmClaim, WarmContainer } from '../../core/domain/warm-container.ts';
import { createLogger } from '../../core/log/logger.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newWarmContainer } from '../../core/testing/new-warm-container.ts';
import { reportWarmReady } from './report-warm-ready.ts';
import { authentication, containerRequest, containerToken } from './testing/container-request.ts';

const available = newWarmContainer();
const { warmId, expiresAt, publicKey = '' } = available;
const body = { publicKey, sandbox: 'on' as const };

function report(
  outcome: Partial<UpdateOutcome<WarmContainer>>,
  {
    claim,
    token = containerToken(warmId, 'warm'),
    sent = body,
  }: { claim?: WarmClaim; token?: string; sent?: typeof body } = {},
) {
  const recorded: unknown[] = [];
  const answer = reportWarmReady({
    ...authentication,
    logger: createLogger({}, () => {}),
    recordWarmReady: async (...args) => {
      recorded.push(args);
      return { applied: false, item: undefined, ...outcome } as UpdateOutcome<WarmContainer>;
    },
    getWarmClaim: async () => claim,
  })({ ...containerRequest(sent), pathId: warmId, bearerToken: token });
  return { answer, recorded };
}

const ready = suite('reportWarmReady');

ready('records the key, and says how the container stands', async () => {
  for (const status of ['STARTING', 'AVAILABLE'] as const) {
    const { answer, recorded } = report({ applied: true, item: { ...available, status } });
    assert.equal(await answer, { status: 200, body: { status, expiresAt } });
    assert.equal(recorded, [[warmId, publicKey]]);
  }
});

ready('that comes a second time is no fault', async () => {
  assert.is((await report({ item: available }).answer).status, 200);
});

ready('of a container that was claimed before its answer arrived does not end it', async () => {
  const claim: WarmClaim = { pool: 'claims', slot: warmId, sessionId: 's1', claimedAt: 't', purgeAt: 1 };
  const { answer } = report({}, { claim });
  assert.equal(await answer, { status: 200, body: { status: 'CLAIMED', expiresAt: null } });
});

ready('of a container whose slot is another’s, or empty, is 409', async () => {
  const other = { ...available, warmId: 'w01-00000000-0000-4000-8000-000000000002' };
  for (const item of [other, undefined]) {
    const { status, code } = await appErrorOf(report({ item }).answer);
    assert.equal([status, code], [409, 'NOT_IN_POOL']);
  }
});

ready('is recorded for nobody but the container itself', async () => {
  const other = 'w02-00000000-0000-4000-8000-000000000002';
  for (const token of [
    containerToken(other, 'warm'),
    containerToken(warmId),
    containerToken(warmId, 'claim'),
    'x',
  ]) {
    const { answer, recorded } = report({ applied: true, item: available }, { token });
    assert.is((await appErrorOf(answer)).code, 'CONTAINER_UNAUTHORIZED');
    assert.equal(recorded, []);
  }
});

ready('with a key that nothing can be sealed to is 400', async () => {
  const { answer, recorded } = report({}, { sent: { ...body, publicKey: '{}' } });
  assert.is((await appErrorOf(answer)).code, 'BAD_REQUEST');
  assert.equal(recorded, []);
});

ready.run();
