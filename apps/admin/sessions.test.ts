import { randomUUID } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import type { Session } from '../../core/domain/session.ts';
import { openTestInstallation, rowsOf } from './testing/local-installation.ts';
import { openRunningInstallation, type RunningInstallation } from './testing/running-installation.ts';
import { seedingOf } from './testing/seeding.ts';

let admin: RunningInstallation;
let running: Session;
let creating: Session;
let over: Session;
const stored = (id: string) => getSession(admin.installation.sessions, id);
const idsOf = (sessions: readonly Session[]) => sessions.map(({ sessionId }) => sessionId);

const t = suite('admin sessions');
t.before(async () => {
  admin = await openRunningInstallation();
  for (const id of ['a', 'b']) await admin.run('projects', 'create', '--id', id, '--name', id);
  const seeding = seedingOf(admin.installation);
  const sessionId = randomUUID();
  const at = (second: number) => ({ createdAt: `2026-06-01T00:00:0${second}.000Z` });
  over = await seeding.session({ projectId: 'a', ...at(1), startedAt: '2026-06-01T00:00:02.000Z' });
  await seeding.end(over.sessionId, 'idle', new Date());
  const taskArn = await admin.runTask(sessionId);
  const userMetadata = '{"note":"\\u001b[31mred"}';
  running = await seeding.session({
    sessionId,
    projectId: 'a',
    ...at(3),
    status: 'ACTIVE',
    taskArn,
    userMetadata,
  });
  creating = await seeding.session({ projectId: 'b', ...at(4), status: 'STARTING' });
});
t.after(() => admin.close());

t('are those that run, unless others are asked for', async () => {
  assert.equal(idsOf(await admin.json('sessions', 'list')), idsOf([creating, running]));
  assert.equal(idsOf(await admin.json('sessions', 'list', '--project', 'a')), idsOf([running]));
  assert.equal(idsOf(await admin.json('sessions', 'list', '--all')), idsOf([creating, running, over]));
  assert.equal(idsOf(await admin.json('sessions', 'list', '--all', '--limit', '1')), idsOf([creating]));
  for (const [status, wanted] of [
    ['timed_out', [over]],
    ['PENDING', [creating]],
    ['RUNNING', [running]],
    ['ERROR', []],
  ] as const)
    assert.equal(idsOf(await admin.json('sessions', 'list', '--status', status)), idsOf(wanted), status);
});

t('are a table with why they ended', async () => {
  const row = rowsOf(await admin.run('sessions', 'list', '--all')).find(({ ID }) => ID === over.sessionId);
  assert.equal([row?.PROJECT, row?.STATUS, row?.REASON], ['a', 'TIMED_OUT', 'idle']);
});

t('are shown one by one, with nothing that acts on a terminal', async () => {
  const output = await admin.run('sessions', 'show', running.sessionId);
  assert.match(output, new RegExp(`^taskArn +${running.taskArn}$`, 'm'));
  assert.match(output, /^publicStatus +RUNNING$/m);
  assert.not.match(output, '\u001b');
  const shown = await admin.json('sessions', 'show', running.sessionId);
  assert.equal(shown, { ...(await stored(running.sessionId)), publicStatus: 'RUNNING' });
});

t('are ended as their owner’s release would: in the table, and in ECS', async () => {
  assert.is(
    await admin.run('sessions', 'end', running.sessionId),
    `Session ${running.sessionId} ends: its container saves what is to be saved, two minutes at most`,
  );
  const after = await stored(running.sessionId);
  assert.equal([after?.status, after?.endReason], ['TERMINATING', 'released']);
  const task = await admin.taskOf(running.taskArn ?? '');
  assert.equal([task?.desiredStatus, task?.stoppedReason], ['STOPPED', 'released']);
});

t('may be asked to end again, and before they have a container', async () => {
  await admin.run('sessions', 'end', running.sessionId);
  await admin.run('sessions', 'end', creating.sessionId);
  assert.is((await stored(creating.sessionId))?.status, 'TERMINATING');
});

t('that have ended stay as they are', async () => {
  const before = await stored(over.sessionId);
  assert.is(await admin.run('sessions', 'end', over.sessionId), `Session ${over.sessionId} has ended: idle`);
  assert.equal(await stored(over.sessionId), before);
});

t('are not found by what can be no id, or is nobody’s', async () => {
  for (const verb of ['show', 'end']) {
    assert.is(await admin.refusal('sessions', verb, 'x'), 'SESSION-ID is the id in "sessions list"');
    const unknown = randomUUID();
    assert.is(
      await admin.obstacle('sessions', verb, unknown),
      `There is no session ${unknown}, or none any more`,
    );
  }
  assert.match(
    await admin.refusal('sessions', 'list', '--status', 'gone'),
    /^--status must be one of PENDING, /,
  );
  assert.match(await admin.refusal('sessions', 'list', '--limit', '0'), /^--limit must be/);
});

t('of a machine that does not run are left to its next start', async () => {
  const stopped = await openTestInstallation();
  try {
    await stopped.run('projects', 'create', '--id', 'a', '--name', 'a');
    const { sessionId } = await seedingOf(stopped.installation).session({ projectId: 'a' });
    assert.match(await stopped.obstacle('sessions', 'end', sessionId), /^The machine does not run/);
    assert.is((await getSession(stopped.installation.sessions, sessionId))?.status, 'READY');
  } finally {
    await stopped.close();
  }
});

t.run();
