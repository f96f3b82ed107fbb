/** Claims of warm containers on a real DynamoDB API: of all that want one, one has it, and it alone is believed. */
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Table } from '../../core/aws/dynamodb/document-client.ts';
import { claimItems } from '../../core/aws/pool/claim-warm.ts';
import { listWarmSlots } from '../../core/aws/pool/list-warm-slots.ts';
import { getProject } from '../../core/aws/projects/get-project.ts';
import { admitSession } from '../../core/aws/sessions/admit-session.ts';
import { endSession } from '../../core/aws/sessions/end-session.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { moveSession } from '../../core/aws/sessions/move-session.ts';
import { recordAddress, recordContainerReady } from '../../core/aws/sessions/record-readiness.ts';
import { stepSession } from '../../core/aws/sessions/step-session.ts';
import { type ClaimableContainer, claimedFieldsOf } from '../../core/domain/claimable-container.ts';
import type { Session } from '../../core/domain/session.ts';
import { WARM_SLOTS, warmSlot } from '../../core/domain/warm-container.ts';
import { openSessionTables, type SessionTables } from './support/session-tables.ts';

let tables: SessionTables;
let pool: Table;
let lastSlot = 0;

const claims = suite('claims of warm containers, on a real DynamoDB API');

claims.before(async () => {
  tables = await openSessionTables();
  const { client } = tables.sessions;
  pool = { client, tableName: 'claims-of-warm-containers' };
  await client.send(
    new CreateTableCommand({
      TableName: pool.tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pool', AttributeType: 'S' },
        { AttributeName: 'slot', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pool', KeyType: 'HASH' },
        { AttributeName: 'slot', KeyType: 'RANGE' },
      ],
    }),
  );
});

claims.after(() => tables.close());

async function fillSlot(): Promise<ClaimableContainer> {
  const slot = warmSlot(++lastSlot);
  const container: ClaimableContainer = {
    pool: WARM_SLOTS,
    slot,
    warmId: `${slot}-${crypto.randomUUID()}`,
    status: 'AVAILABLE',
    startedAt: tables.now().toISOString(),
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
    revision: '1',
    tokenKeyId: 'k',
    taskArn: `arn:${slot}`,
    address: { host: '10.0.0.1', port: 9223 },
    publicKey: '{}',
  };
  await pool.client.send(new PutCommand({ TableName: pool.tableName, Item: container }));
  return container;
}

async function claim(projectId: string, container: ClaimableContainer): Promise<Session> {
  const session = tables.newSession(projectId, claimedFieldsOf(container));
  const items = claimItems(pool, container, { sessionId: session.sessionId, at: tables.now() });
  await admitSession(tables.store, session, undefined, items);
  return session;
}

const slots = async () => (await listWarmSlots(pool)).map(({ slot }) => slot);
const ready = ({ sessionId, warmId }: Session) =>
  recordContainerReady(tables.sessions, { sessionId, warmId }, tables.now());

claims('of twenty creates at once one has the container, and only it has a session and a slot', async () => {
  const projectId = await tables.newProject(50);
  const container = await fillSlot();
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => claim(projectId, container)));
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  assert.equal([...new Set(reasons.map(({ name }) => name))], ['ContainerTakenError']);
  assert.equal([reasons.length, (await getProject(tables.projects, projectId))?.running], [19, 1]);
  assert.equal(await slots(), []);
});

claims('a project without a free slot leaves the container in the pool', async () => {
  const container = await fillSlot();
  const error = await claim(await tables.newProject(0), container).catch((fault) => fault);
  assert.is(error.name, 'ConcurrencyExceededError');
  assert.equal(await slots(), [container.slot]);
  await claim(await tables.newProject(1), container);
});

claims('a session that moves on is another container’s: the first is not believed in anything', async () => {
  const projectId = await tables.newProject(1);
  const [first, second] = [await fillSlot(), await fillSlot()];
  const session = await claim(projectId, first);
  const { sessionId } = session;
  const move = { from: first.warmId, to: second, at: tables.now() };
  assert.is(await moveSession(tables.store, pool, sessionId, move), 'moved');
  assert.equal(await slots(), []);
  assert.not((await ready(session)).applied);
  const container = { sessionId, warmId: first.warmId };
  const beat = { set: { connectionCount: 1 }, container, at: tables.now() };
  assert.not((await stepSession(tables.sessions, sessionId, beat)).applied);
  const ending = { reason: 'released', isReported: true, endedAt: tables.now() } as const;
  assert.is((await endSession(tables.store, sessionId, ending, container))?.status, 'STARTING');
  const now = await getSession(tables.sessions, sessionId);
  assert.equal([now?.status, now?.warmId, now?.taskArn], ['STARTING', second.warmId, second.taskArn]);
  assert.is((await ready({ ...session, warmId: second.warmId })).item?.status, 'READY');
  assert.is(
    (await endSession(tables.store, sessionId, ending, { sessionId, warmId: second.warmId }))?.status,
    'STOPPED',
  );
});

claims(
  'does not move a session that was released, that has moved, or whose next container is taken',
  async () => {
    const projectId = await tables.newProject(3);
    const [first, second, third] = [await fillSlot(), await fillSlot(), await fillSlot()];
    const one = await claim(projectId, first);
    const other = await claim(projectId, second);
    const at = tables.now();
    const moveTo = (to: ClaimableContainer, from = first.warmId) =>
      moveSession(tables.store, pool, one.sessionId, { from, to, at });
    assert.is(await moveTo(second), 'taken');
    assert.is(await moveTo(third, second.warmId), 'over');
    await stepSession(tables.sessions, one.sessionId, {
      to: 'TERMINATING',
      set: { endReason: 'released' },
      at,
    });
    assert.is(await moveTo(third), 'over');
    assert.equal(await slots(), [third.slot]);
    assert.is((await getSession(tables.sessions, other.sessionId))?.warmId, second.warmId);
    await claim(projectId, third);
  },
);

claims('of two moves to one container one comes true', async () => {
  const projectId = await tables.newProject(2);
  const [first, second, next] = [await fillSlot(), await fillSlot(), await fillSlot()];
  const pairs = [
    [await claim(projectId, first), first],
    [await claim(projectId, second), second],
  ] as const;
  const moves = await Promise.all(
    pairs.map(([{ sessionId }, { warmId }]) =>
      moveSession(tables.store, pool, sessionId, { from: warmId, to: next, at: tables.now() }),
    ),
  );
  assert.equal(moves.sort(), ['moved', 'taken']);
});

claims(
  'a session that was left by the pool is READY by its own container, and not by the warm one',
  async () => {
    const container = await fillSlot();
    const session = await claim(await tables.newProject(1), container);
    const { sessionId } = session;
    await stepSession(tables.sessions, sessionId, {
      set: { tokenKeyId: 'k2' },
      remove: ['warmId', 'address', 'taskArn'],
      container: { warmId: container.warmId },
      from: ['STARTING'],
      at: tables.now(),
    });
    assert.not((await ready(session)).applied);
    const cold = { sessionId, warmId: undefined };
    assert.is((await recordContainerReady(tables.sessions, cold, tables.now())).item?.status, 'STARTING');
    const facts = { address: { host: '10.1.1.1', port: 9223 }, taskArn: 'arn:cold' };
    const { item } = await recordAddress(tables.sessions, sessionId, facts, tables.now());
    assert.equal([item?.status, item?.taskArn, item?.warmId], ['READY', 'arn:cold', undefined]);
  },
);

claims.run();
