/**
 * A create, a release and the pool's keeper, each a process that is killed at each of its calls of AWS, done or not. Then the
 * sweeper and the keeper run as time goes by: sessions are over for the right reason, the quota is back, no task runs for
 * nobody, and the pool's rows are its containers.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mock } from 'node:test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fillSlot } from '../../../core/aws/pool/fill-slot.ts';
import { freeSlot } from '../../../core/aws/pool/free-slot.ts';
import { listWarmSlots } from '../../../core/aws/pool/list-warm-slots.ts';
import { getProject } from '../../../core/aws/projects/get-project.ts';
import { getSession } from '../../../core/aws/sessions/get-session.ts';
import { listProjectSessions } from '../../../core/aws/sessions/list-sessions.ts';
import { isTerminal } from '../../../core/domain/session.ts';
import { HEARTBEAT, SWEEP } from '../../../core/domain/timing.ts';
import { newWarmContainer } from '../../../core/testing/new-warm-container.ts';
import { type DeployedFunctions, openDeployedFunctions } from '../../contract/support/deployed-functions.ts';
import { eventOf } from '../../contract/support/lambda-event.ts';
import { type CutInvocation, cutOff } from '../support/cut-off.ts';
import { createTasks } from '../support/tasks.ts';

const MINUTE_MS = 60_000;
/** So long what a killed function has left may stay: a session that ends, and sweeps. */
const RECOVERY_MS = SWEEP.terminatingLimitMs + HEARTBEAT.lostAfterMs + 3 * SWEEP.everyMs;
/** More than any of them makes. */
const MAX_CALLS = 40;

let functions: DeployedFunctions;
const tasks = createTasks();
const figures = { cuts: 0, worstRecoveryMs: 0 };

const t = suite('a function that is cut off');
t.before(async () => {
  functions = await openDeployedFunctions({ answersOf: tasks.answersOf });
  // It looks again and again whether its browser is ready; each look is as the one before.
  process.env.READY_WAIT_MS = '1000';
});
t.after(async () => {
  console.log(JSON.stringify(figures));
  await functions.close();
});

/** As the real ones: the keeper and the sweeper every minute, until nothing is left to do. */
async function recover(isOver: () => Promise<boolean>, what: string): Promise<void> {
  const startedAt = Date.now();
  mock.timers.enable({ apis: ['Date'], now: startedAt });
  try {
    while (!(await isOver())) {
      const goneMs = Date.now() - startedAt;
      assert.ok(goneMs < RECOVERY_MS, `${what}: ${goneMs} ms`);
      mock.timers.setTime(Date.now() + MINUTE_MS);
      await functions.invoke('sweeper', {});
      await functions.invoke('keep-pool', { source: 'aws.scheduler' });
    }
    figures.worstRecoveryMs = Math.max(figures.worstRecoveryMs, Date.now() - startedAt);
  } finally {
    mock.timers.reset();
  }
}

/** Kills the function at each of its calls, and looks what `check` says of what is left. */
async function cutEverywhere(
  invoke: () => Promise<{
    readonly invocation: CutInvocation;
    readonly check: (what: string) => Promise<void>;
  }>,
): Promise<number> {
  for (let at = 0; at < MAX_CALLS; at += 1)
    for (const isDone of [false, true]) {
      const { invocation, check } = await invoke();
      const call = await cutOff(functions, invocation, { at, isDone });
      if (call === undefined) return at;
      figures.cuts += 1;
      await check(`${invocation.name} at ${call}, ${isDone ? 'which is done' : 'which is not done'}`);
    }
  throw new Error(`More than ${MAX_CALLS} calls`);
}

const runningOf = async (projectId: string) =>
  (await getProject(functions.tables.projects, projectId))?.running;

/** One that can be claimed, and whose container does not answer: it is moved on from. */
async function addWarm(): Promise<string> {
  const { warmPool } = functions.tables;
  for (const row of await listWarmSlots(warmPool)) await freeSlot(warmPool, row);
  const warmId = `w01-${randomUUID()}`;
  const at = functions.tables.now().toISOString();
  await fillSlot(
    warmPool,
    newWarmContainer({
      warmId,
      taskArn: tasks.run(warmId),
      startedAt: at,
      expiresAt: new Date(Date.now() + 10 * MINUTE_MS).toISOString(),
      containerReadyAt: at,
      availableAt: at,
      tokenKeyId: functions.keySet.current,
      address: { host: '127.0.0.1', port: 1 },
      publicKey: JSON.stringify(generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' })),
    }),
  );
  return warmId;
}

for (const kind of ['cold', 'claimed'] as const)
  t(`a create (${kind}) leaves a session that ends, no slot of its quota and no task`, async () => {
    const claimed = new Set<string>();
    const cut = await cutEverywhere(async () => {
      tasks.stopAll();
      const warmId = kind === 'claimed' ? await addWarm() : undefined;
      const projectId = await functions.tables.newProject(5);
      const event = eventOf({ method: 'POST', route: '/v1/sessions', projectId, body: {} });
      const sessions = async () =>
        (await listProjectSessions(functions.tables.sessions, projectId, { limit: 10 })).sessions;
      const isOver = async () => {
        const rows = (await listWarmSlots(functions.tables.warmPool)).map((row) => row.warmId);
        const isWarmLost = warmId !== undefined && tasks.isRunning(warmId) && !rows.includes(warmId);
        const all = await sessions();
        return (
          !isWarmLost &&
          all.every(({ status, sessionId }) => isTerminal(status) && !tasks.isRunning(sessionId))
        );
      };
      return {
        invocation: { name: 'create-session', event, isStreamed: true },
        async check(what) {
          for (const each of await sessions()) if (each.warmId !== undefined) claimed.add(each.sessionId);
          await recover(isOver, what);
          assert.is(await runningOf(projectId), 0, `${what}: the quota is back`);
          for (const { endReason } of await sessions())
            assert.ok(['start_timed_out', 'start_failed'].includes(endReason ?? ''), `${what}: ${endReason}`);
          assert.ok((await sessions()).length <= 1, what);
        },
      };
    });
    assert.ok(cut > 4, `${cut} calls`);
    assert.is(claimed.size > 0, kind === 'claimed', 'some were cut off in the middle of a claim');
  });

t('a release leaves a session that ends as what was written of it', async () => {
  const cut = await cutEverywhere(async () => {
    const projectId = await functions.tables.newProject(5);
    const sessionId = randomUUID();
    const at = functions.tables.now().toISOString();
    const facts = { startedAt: at, answeredAt: at, lastHeartbeatAt: at, taskArn: tasks.run(sessionId) };
    const address = { host: '127.0.0.1', port: 1 };
    await functions.tables.admit(projectId, { sessionId, status: 'READY', address, ...facts });
    const body = { status: 'REQUEST_RELEASE' };
    const event = eventOf({ method: 'POST', route: '/v1/sessions/{id}', projectId, id: sessionId, body });
    const read = () => getSession(functions.tables.sessions, sessionId);
    return {
      invocation: { name: 'update-session', event, isStreamed: false },
      async check(what) {
        const isWritten = (await read())?.status === 'TERMINATING';
        const isOver = async () =>
          isTerminal((await read())?.status ?? 'CREATING') && !tasks.isRunning(sessionId);
        await recover(isOver, what);
        assert.is((await read())?.endReason, isWritten ? 'released' : 'container_lost', what);
        assert.is(await runningOf(projectId), 0, `${what}: the quota is back`);
      },
    };
  });
  assert.ok(cut > 1, `${cut} calls`);
});

t('the keeper leaves rows that are the containers of the pool', async () => {
  const { warmPool } = functions.tables;
  const cut = await cutEverywhere(async () => {
    tasks.stopAll();
    // The pool is empty: it fills the one slot there is.
    const isFilled = async () => (await listWarmSlots(warmPool)).length === 1;
    const isRight = async () => {
      const rows = (await listWarmSlots(warmPool)).map(({ warmId }) => warmId);
      return (await isFilled()) && rows.join() === tasks.running().join();
    };
    for (const row of await listWarmSlots(warmPool)) await freeSlot(warmPool, row);
    return {
      invocation: { name: 'keep-pool', event: { source: 'aws.scheduler' }, isStreamed: false },
      check: (what) => recover(isRight, what),
    };
  });
  assert.ok(cut > 2, `${cut} calls`);
});

t.run();
