/** The end of a session's time, which no session's is before a minute. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectCdp } from '../e2e/support/cdp.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

let wallcrawler: Wallcrawler;

const timeouts = suite('a session of a minute');
timeouts.before(async () => {
  wallcrawler = await startWallcrawler();
});
timeouts.after(() => wallcrawler.dispose());

timeouts('ends with 4012, TIMED_OUT, also with keepAlive and a busy client', async () => {
  const client = wallcrawler.client();
  const { id, connectUrl } = await client.sessions.create({ api_timeout: 60, keepAlive: true });
  const cdp = await connectCdp(connectUrl);
  const busy = setInterval(() => void cdp.send('Browser.getVersion'), 500);
  const closed = await cdp.closed.finally(() => clearInterval(busy));
  assert.equal(closed, { code: 4012, reason: 'The session reached its timeout' });
  const done = await until('it ends', async () => {
    const session = await client.sessions.retrieve(id);
    return session.status !== 'RUNNING' && session;
  });
  assert.is(done.status, 'TIMED_OUT');
  const ranMs = Date.parse(done.endedAt ?? '') - Date.parse(done.createdAt);
  assert.ok(ranMs >= 60_000, 'not before its time');
});

timeouts.run();
