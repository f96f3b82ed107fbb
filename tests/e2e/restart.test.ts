import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSessionRoot } from '../../local/data/session-root.ts';
import { connectCdp } from './support/cdp.ts';
import { descendantsOf, listProcesses } from './support/processes.ts';
import { until } from './support/until.ts';
import { startWallcrawler } from './support/wallcrawler.ts';

const INTERRUPT_LIMIT_MS = 10_000;

const restart = suite('stop and start');

const alive = (pids: readonly number[]) =>
  listProcesses().filter(({ pid, state }) => pids.includes(pid) && state !== 'Z');
// Of this machine only: others may run beside the test.
const sessionRootOf = (dataDir: string) => createSessionRoot(dataDir).path;

restart('Ctrl-C ends everything within 10 s and leaves no process and no temp folder', async () => {
  const wallcrawler = await startWallcrawler();
  const client = wallcrawler.client();
  const sessions = await Promise.all([client.sessions.create(), client.sessions.create({ keepAlive: true })]);
  const cdp = await connectCdp(sessions[0].connectUrl);
  const pids = descendantsOf(wallcrawler.pid).map(({ pid }) => pid);
  assert.ok(pids.length > 6, 'Chromes run');
  const { code, tookMs } = await wallcrawler.interrupt();
  assert.is(code, 0, wallcrawler.output());
  assert.ok(tookMs < INTERRUPT_LIMIT_MS, `${tookMs} ms`);
  assert.equal(await cdp.closed, { code: 1012, reason: 'The platform is stopping this container' });
  assert.equal(alive(pids), []);
  assert.not(existsSync(sessionRootOf(wallcrawler.dataDir)));
  await wallcrawler.dispose();
});

restart(
  'Ctrl-C while sessions are being created leaves nothing either, and the next start works',
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'wallcrawler-e2e-'));
    try {
      for (const delayMs of [100, 300, 600]) {
        const before = new Set(listProcesses().map(({ pid }) => pid));
        const wallcrawler = await startWallcrawler({ dataDir });
        const creates = Array.from({ length: 6 }, () =>
          wallcrawler
            .client()
            .sessions.create()
            .catch(() => undefined),
        );
        await wait(delayMs);
        const { tookMs } = await wallcrawler.interrupt();
        await Promise.all(creates);
        assert.ok(tookMs < INTERRUPT_LIMIT_MS, `${tookMs} ms`);
        const left = listProcesses().filter(
          ({ pid, command, state }) =>
            !before.has(pid) &&
            state !== 'Z' &&
            (command.includes(dataDir) || command.includes(`${sessionRootOf(dataDir)}/`)),
        );
        assert.equal(left, [], `after ${delayMs} ms`);
        assert.not(existsSync(sessionRootOf(dataDir)), `after ${delayMs} ms`);
      }
      const again = await startWallcrawler({ dataDir });
      assert.is((await slotsTaken(dataDir)).running, 0, 'no create holds a slot for ever');
      await again.interrupt();
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
);

restart('data survives: sessions of before are listed, contexts and keys are still there', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'wallcrawler-e2e-'));
  try {
    const first = await startWallcrawler({ dataDir });
    const session = await first.client().sessions.create();
    const context = await first.client().contexts.create();
    await first.interrupt();

    const second = await startWallcrawler({ dataDir });
    const found = await second.client().sessions.retrieve(session.id);
    assert.is(found.status, 'ERROR', 'the platform was stopped under it');
    assert.is((await second.client().contexts.retrieve(context.id)).id, context.id);
    await second.interrupt();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

restart('kill -9 of the whole thing: the next start finishes the sessions and ends the orphans', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'wallcrawler-e2e-'));
  try {
    const first = await startWallcrawler({ dataDir });
    const client = first.client();
    const running = await Promise.all([client.sessions.create(), client.sessions.create()]);
    const starting = client.sessions.create().catch(() => undefined);
    const pids = descendantsOf(first.pid).map(({ pid }) => pid);
    await first.killHard();
    await starting;

    const second = await startWallcrawler({ dataDir });
    const again = second.client();
    for (const { id } of running) {
      const done = await until('the old session ends', async () => {
        const session = await again.sessions.retrieve(id);
        return session.status !== 'RUNNING' && session;
      });
      assert.ok(['COMPLETED', 'ERROR'].includes(done.status));
    }
    await until('the orphans end', async () => alive(pids).length === 0);
    await until('the one that was being created ends as well', async () => {
      const pending = await again.sessions.list({ status: 'PENDING' });
      return pending.length === 0 && (await again.sessions.list({ status: 'RUNNING' })).length === 0;
    });
    const { running: slots } = await slotsTaken(second.dataDir);
    assert.is(slots, 0, 'the quota is given back');
    const usable = await again.sessions.create();
    await again.sessions.update(usable.id, { status: 'REQUEST_RELEASE' });
    await second.interrupt();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

async function slotsTaken(dataDir: string): Promise<{ running: number }> {
  const { runAdmin } = await import('./support/admin.ts');
  const { output } = await runAdmin(dataDir, 'projects', 'list');
  const row = output.split('\n').find((line) => line.startsWith('local')) ?? '';
  return { running: Number(row.split(/\s{2,}/)[4]) };
}

restart('a second start on the same data is refused with a sentence', async () => {
  const first = await startWallcrawler();
  try {
    await startWallcrawler({ dataDir: first.dataDir });
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /already|in use/);
  } finally {
    await first.dispose();
  }
  assert.not(existsSync(first.dataDir));
});

restart('every fault of the configuration is reported together', async () => {
  try {
    await startWallcrawler({ env: { PORT: 'eighty', WALLCRAWLER_API_KEY: 'short' } });
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, 'PORT');
    assert.match((error as Error).message, 'WALLCRAWLER_API_KEY');
    assert.not.match((error as Error).message, 'short\b');
  }
});

restart.run();
