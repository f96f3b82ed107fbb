import type { Browserbase } from '@browserbasehq/sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AdminResult, runAdmin } from '../e2e/support/admin.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

let wallcrawler: Wallcrawler;
const keys: Record<string, string> = {};

const keyIn = ({ output }: AdminResult) => output.trim().split('\n').at(-1) ?? '';
const admin = (...args: string[]) => runAdmin(wallcrawler.dataDir, ...args);
const statusOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 200,
    (error: { status?: number }) => error.status,
  );

const projects = suite('projects and keys');

projects.before(async () => {
  wallcrawler = await startWallcrawler();
  for (const id of ['a', 'b']) {
    const made = await admin('projects', 'create', '--id', id, '--name', `Project ${id}`, '--timeout', '120');
    assert.is(made.code, 0, made.errors);
    keys[id] = keyIn(await admin('keys', 'create', '--project', id));
  }
  keys.both = keyIn(
    await admin('keys', 'create', '--project', 'a', '--project', 'b', '--default-project', 'b'),
  );
});

projects.after(() => wallcrawler?.dispose());

const release = (client: Browserbase, id: string) =>
  client.sessions.update(id, { status: 'REQUEST_RELEASE' });

projects('two projects never see each other', async () => {
  const a = wallcrawler.client(keys.a);
  const b = wallcrawler.client(keys.b);
  const session = await a.sessions.create();
  const context = await a.contexts.create();
  assert.is(session.projectId, 'a');
  assert.equal(await b.sessions.list(), []);
  assert.equal(
    (await b.projects.list()).map(({ id }) => id),
    ['b'],
  );
  const attempts = [
    b.sessions.retrieve(session.id),
    b.sessions.debug(session.id),
    release(b, session.id),
    b.contexts.retrieve(context.id),
    b.contexts.update(context.id),
    b.contexts.delete(context.id),
    b.sessions.create({ browserSettings: { context: { id: context.id } } }),
    b.projects.retrieve('a'),
    b.projects.usage('a'),
  ];
  assert.equal(new Set(await Promise.all(attempts.map(statusOf))), new Set([404]));
  assert.is(await statusOf(b.sessions.create({ projectId: 'a' })), 403);
  assert.is((await a.sessions.retrieve(session.id)).status, 'RUNNING', 'untouched');
  await release(a, session.id);
});

projects('a key for two projects uses its default, or the one that header or body name', async () => {
  const byDefault = wallcrawler.client(keys.both);
  const byHeader = wallcrawler.client(keys.both, { 'x-wc-project-id': 'a' });
  assert.equal(
    (await byDefault.projects.list()).map(({ id }) => id),
    ['a', 'b'],
  );
  assert.is((await byDefault.projects.retrieve('a')).defaultTimeout, 120);
  const inDefault = await byDefault.sessions.create();
  const inHeader = await byHeader.sessions.create();
  const inBody = await byDefault.sessions.create({ projectId: 'a' });
  assert.equal([inDefault.projectId, inHeader.projectId, inBody.projectId], ['b', 'a', 'a']);
  assert.is(await statusOf(byDefault.sessions.retrieve(inBody.id)), 404);
  assert.is(await statusOf(byHeader.sessions.retrieve(inBody.id)), 200);
  const other = wallcrawler.client(keys.both, { 'x-bb-project-id': 'local' });
  assert.is(await statusOf(other.sessions.list()), 403);
  await release(byDefault, inDefault.id);
  await Promise.all([inHeader, inBody].map(({ id }) => release(byHeader, id)));
});

projects('a session takes its time-out from the project, or from the request', async () => {
  const a = wallcrawler.client(keys.a);
  const seconds = (session: { createdAt: string; expiresAt: string }) =>
    (Date.parse(session.expiresAt) - Date.parse(session.createdAt)) / 1000;
  const byProject = await a.sessions.create();
  const byRequest = await a.sessions.create({ api_timeout: 300 });
  assert.is(seconds(byProject), 120);
  assert.is(seconds(byRequest), 300);
  await Promise.all([byProject, byRequest].map(({ id }) => release(a, id)));
});

projects('a revoked key is refused, and its text stands in no list', async () => {
  const made = await admin('keys', 'create', '--project', 'a', '--name', 'short-lived');
  const keyId = /^Key (\w+) /.exec(made.output)?.[1] ?? '';
  const listed = await admin('keys', 'list');
  assert.match(listed.output, keyId);
  assert.not.match(listed.output, keyIn(made));
  assert.is((await admin('keys', 'revoke', keyId)).code, 0);
  assert.match((await admin('keys', 'list')).output, /short-lived.*REVOKED/);
  // Not used before, so that no cached answer is in the way.
  const refused = await wallcrawler.call('/v1/sessions', { apiKey: keyIn(made) });
  assert.is(refused.status, 401);
  assert.match(((await refused.json()) as { message: string }).message, 'was revoked');
});

projects('limits can be changed, and hold from the next session on', async () => {
  await admin('projects', 'create', '--id', 'narrow', '--name', 'narrow', '--concurrency', '1');
  const client = wallcrawler.client(keyIn(await admin('keys', 'create', '--project', 'narrow')));
  const first = await client.sessions.create({ keepAlive: true });
  assert.is(await statusOf(client.sessions.create()), 429);
  const changed = await admin('projects', 'update', 'narrow', '--concurrency', '2', '--timeout', '120');
  assert.is(changed.code, 0, changed.errors);
  const second = await client.sessions.create({ keepAlive: true });
  assert.is(Date.parse(second.expiresAt) - Date.parse(second.createdAt), 120_000);
  for (const { id } of [first, second]) await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
  assert.match((await admin('projects', 'list')).output, /narrow +narrow +120 s +2/);
});

projects('bad input to the commands is one sentence and a non-zero exit', async () => {
  for (const [args, message] of [
    [['nonsense'], /There is no command "nonsense"/],
    [['constructor'], /There is no command "constructor"/],
    [['projects', 'create', '--name', 'x', '--timeout', '1e3'], /--timeout/],
    [['projects', 'create'], /--name/],
    [
      ['projects', 'create', '--name', 'x', '--timeout', '59'],
      /--timeout must be a whole number from 60 to 21600/,
    ],
    [['projects', 'create', '--name', 'x', '--concurrency', '0'], /--concurrency/],
    [['projects', 'create', '--name', 'x', '--id', '../x'], /--id/],
    [['projects', 'create', '--name', 'x', '--id', 'a'], /a project a already/],
    [['projects', 'list', '--name', 'x'], /takes no --name/],
    [['projects', 'update'], /takes one PROJECT-ID/],
    [['projects', 'update', 'a'], /--name, --timeout or --concurrency/],
    [['projects', 'update', 'zzz', '--concurrency', '2'], /no project zzz/],
    [['projects', 'update', 'a', '--timeout', '59'], /--timeout must be/],
    [['projects', 'list', '--drop-earlier'], /takes no --drop-earlier/],
    [['keys', 'create'], /at least one --project/],
    [['keys', 'create', '--project', 'zzz'], /no project zzz/],
    [['keys', 'create', '--project', 'a', '--default-project', 'b'], /not among/],
    [['keys', 'create', '--project', 'a', '--expires-in-days', '1.5'], /--expires-in-days/],
    [['keys', 'revoke'], /takes one KEY-ID/],
    [['keys', 'revoke', 'ffffffffffff'], /no key ffffffffffff/],
    [['keys', 'list', '--bogus'], /bogus/],
  ] as const) {
    const result = await admin(...args);
    assert.is(result.code, 2, args.join(' '));
    assert.match(result.errors, message);
    assert.is(result.errors.trim().split('\n').length, 1, result.errors);
  }
  const help = await admin('--help');
  assert.is(help.code, 0);
  assert.match(help.output, 'keys revoke KEY-ID');
});

projects.run();
