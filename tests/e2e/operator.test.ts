/** What the machine tells its operator: in the terminal, in its logs, and by HTTP. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from './support/until.ts';
import { startWallcrawler } from './support/wallcrawler.ts';

const operator = suite('what the operator is told');

operator('of each session, of the sandbox, how full it is, and what the end has ended', async () => {
  const wallcrawler = await startWallcrawler();
  try {
    assert.match(wallcrawler.output(), /^Sandbox +(on|off) \(.+\)$/m);
    const client = wallcrawler.client();
    const { id } = await client.sessions.create({ keepAlive: true });
    await until('its start is told', () => said(`Session    ${id} of local started after`));
    const { pressure } = await ask<{ pressure: Record<string, unknown> }>('/pressure');
    assert.equal([pressure.running, pressure.maxConcurrent, pressure.isAvailable], [1, 25, true]);
    const metrics = await (await fetch(`${wallcrawler.url}/metrics`)).text();
    assert.match(metrics, 'wallcrawler_sessions{state="running"} 1');
    assert.match(metrics, 'wallcrawler_router_open_connections 0');
    const forwarded = { headers: { 'x-forwarded-for': '198.51.100.1' } };
    assert.is((await fetch(`${wallcrawler.url}/metrics`, forwarded)).status, 401);
    await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
    await until('its end is told', async () =>
      new RegExp(`^Session {4}${id} of local ended after \\d+\\.\\d s: released$`, 'm').test(
        wallcrawler.output(),
      ),
    );
    assert.ok(existsSync(join(wallcrawler.dataDir, `logs/tasks/${id}.log`)), 'its log has its name');
    for (const name of ['create-session', 'update-session', 'report-ready'])
      assert.match(
        readFileSync(join(wallcrawler.dataDir, `logs/${name}.log`), 'utf8'),
        `"sessionId":"${id}"`,
      );
    await client.sessions.create({ keepAlive: true });
    await wallcrawler.interrupt();
    assert.match(wallcrawler.output(), /^stopped, 1 session ended$/m);
  } finally {
    await wallcrawler.dispose();
  }

  async function said(text: string): Promise<boolean> {
    return wallcrawler.output().includes(text);
  }
  async function ask<T>(path: string): Promise<T> {
    return (await fetch(`${wallcrawler.url}${path}`)).json() as Promise<T>;
  }
});

operator.run();
