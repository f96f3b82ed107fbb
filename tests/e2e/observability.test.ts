/** All that is said of a create and of its session, by every part, is found by one request's id; and no secret is in it. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toFile } from '@browserbasehq/sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LOG_EVENTS, type LogEventName } from '../../core/domain/log-events.ts';
import { AUTHORITY } from '../../core/testing/test-authority.ts';
import { connectCdp } from './support/cdp.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';
import { filled } from './support/warm-pool.ts';

type Line = Readonly<Record<string, unknown>>;

const TYPED = 'correct-horse-battery-staple';
const NOT_PUBLIC = { host: '10.255.255.1', url: 'http://10.255.255.1/' };

let wallcrawler: Wallcrawler;

/** Of functions, router and machine, and of the containers: each line as it was written. */
const logTexts = (): string[] =>
  globSync(['logs/*.log', 'logs/tasks/*.log'], { cwd: wallcrawler.dataDir }).flatMap((path) =>
    readFileSync(join(wallcrawler.dataDir, path), 'utf8').split('\n').filter(Boolean),
  );

const lines = (): Line[] =>
  logTexts().map((text) => {
    try {
      return JSON.parse(text) as Line;
    } catch {
      throw new Error(`A line of a log is no JSON: ${text}`);
    }
  });
const eventsOf = (sessionId: string): Line[] =>
  lines().filter((line) => line.event !== undefined && line.sessionId === sessionId);

const createOf = (sessionId: string): Line | undefined =>
  eventsOf(sessionId).find(
    ({ event, method, route }) => `${event} ${method} ${route}` === 'api.request POST /v1/sessions',
  );

/** A client that types, and asks for what it does not get; then the session is released, and over for everybody. */
async function use({ id, connectUrl }: { readonly id: string; readonly connectUrl: string }): Promise<void> {
  const cdp = await connectCdp(connectUrl);
  const { sessionId } = await cdp.openPage();
  await cdp.send('Input.insertText', { text: TYPED }, sessionId);
  await cdp.send('Page.navigate', { url: NOT_PUBLIC.url }, sessionId);
  await until('the guard has said no', async () =>
    eventsOf(id).some(({ event }) => event === 'egress.refused'),
  );
  await cdp.close();
  await wallcrawler.client().sessions.update(id, { status: 'REQUEST_RELEASE' });
  await until('all parts have said that it is over', async () => {
    const said = new Set(eventsOf(id).map(({ event, outcome }) => `${event} ${outcome}`));
    return [
      'session.step stopped',
      'container.ended stopped',
      'task.stopped stopped',
      'router.disconnected disconnected',
    ].every((line) => said.has(line));
  });
}

const t = suite('lines of a session');

t.before(async () => {
  wallcrawler = await startWallcrawler({
    env: { WALLCRAWLER_WARM: '1', WALLCRAWLER_EGRESS: '1' },
  });
});
t.after(() => wallcrawler.dispose());

t('of all parts are joined by the id of the request that asked for it, cold and warm', async () => {
  const client = wallcrawler.client();
  const certificate = await client.certificates.create({
    file: await toFile(Buffer.from(AUTHORITY), 'ca.pem'),
  });
  const hook = { endpoint: 'https://hooks.invalid/', eventTypes: ['browser.crashed'] };
  const made = await wallcrawler.call('/v1/webhooks', { method: 'POST', body: JSON.stringify(hook) });
  assert.is(made.status, 201, await made.clone().text());
  const { secret } = (await made.json()) as { secret: string };
  await filled(wallcrawler);
  // Of two at once one finds no browser that waits.
  const params = { proxySettings: { caCertificates: [certificate.id] } };
  const sessions = await Promise.all([client.sessions.create(params), client.sessions.create(params)]);
  await Promise.all(sessions.map(use));

  const starts = sessions.map(({ id }) => saidOf(id));
  assert.equal(starts.sort(), ['cold', 'warm']);
  const secrets = [
    wallcrawler.apiKey,
    secret,
    TYPED,
    ...AUTHORITY.split('\n').filter((line) => line.length > 30 && !line.startsWith('-')),
    ...sessions.map(({ connectUrl }) => new URL(connectUrl).searchParams.get('signingKey') as string),
  ];
  const text = logTexts().join('\n');
  assert.equal(
    secrets.filter((each) => each === null || text.includes(each)),
    [],
  );
  assert.not.match(text, /eyJ[\w-]{8,}\.[\w-]+\.[\w-]+/);
});

/** How it started, when all its lines are as they are to be. */
function saidOf(sessionId: string): unknown {
  const create = createOf(sessionId);
  assert.ok(create, 'its create has a line');
  const { requestId, start } = create;
  const all = eventsOf(sessionId);
  for (const line of all) {
    const row = LOG_EVENTS[line.event as LogEventName];
    assert.ok(row, `${line.event} is in the catalogue`);
    assert.is(typeof line.outcome, 'string', JSON.stringify(line));
    assert.is(line.projectId, 'local', JSON.stringify(line));
    if (row.about === 'session') assert.is(line.requestId, requestId, JSON.stringify(line));
    if ('durationMs' in line) assert.ok((line.durationMs as number) >= 0, JSON.stringify(line));
  }
  const joined = new Set(
    all.filter((line) => line.requestId === requestId).map(({ service, event }) => `${service} ${event}`),
  );
  const wanted = [
    'create-session api.request',
    'create-session session.start',
    ...(start === 'warm' ? ['create-session pool.claim'] : ['task-processor task.running']),
    // What it is to have is fetched: both report that they are ready.
    'report-ready api.request',
    'report-heartbeat api.request',
    'report-ended api.request',
    'stream-processor session.step',
    'task-processor task.stopped',
    'controller container.assigned',
    'controller container.ready',
    'controller client.connected',
    'controller client.disconnected',
    'controller egress.refused',
    'controller container.ended',
    'router router.connected',
    'router router.disconnected',
  ];
  assert.equal(
    wanted.filter((each) => !joined.has(each)),
    [],
    `${sessionId} of ${requestId}`,
  );
  const steps = all.filter(({ event }) => event === 'session.step').map(({ outcome }) => outcome);
  // Whether it was seen in use in between is for its first heartbeat, which a short one does not live to see.
  assert.equal(
    ['creating', 'ready', 'stopped'].filter(
      (step) => !steps.includes(step) && !(step === 'creating' && start === 'warm'),
    ),
    [],
  );
  return start;
}

t.run();
