import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { getProject } from '../../core/aws/projects/get-project.ts';
import { openTestInstallation, rowsOf, type TestInstallation } from './testing/local-installation.ts';
import { seedingOf } from './testing/seeding.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

let admin: TestInstallation;
// Midday, so that what is counted in minutes stays in its day.
const today = new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`);
const daysAgo = (days: number): Date => new Date(today.getTime() - days * DAY_MS);
const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

async function ended(projectId: string, end: Date, minutes: number, reason: 'released' | 'start_failed') {
  const seeding = seedingOf(admin.installation);
  const startedAt = new Date(end.getTime() - minutes * MINUTE_MS).toISOString();
  const started = reason === 'released' ? { startedAt } : {};
  const { sessionId } = await seeding.session({ projectId, createdAt: startedAt, ...started });
  await seeding.end(sessionId, reason, end);
}

const t = suite('admin usage');
t.before(async () => {
  admin = await openTestInstallation();
  for (const id of ['a', 'b']) await admin.run('projects', 'create', '--id', id, '--name', id);
  await ended('a', today, 3, 'released');
  await ended('a', today, 4, 'released');
  await ended('b', today, 5, 'released');
  await ended('a', daysAgo(2), 10, 'released');
  await ended('a', daysAgo(2), 1, 'start_failed');
  await seedingOf(admin.installation).session({ projectId: 'a', startedAt: today.toISOString() });
});
t.after(() => admin.close());

const EXPECTED = () => [
  { day: dayOf(daysAgo(2)), projectId: 'a', sessions: 2, failed: 1, browserMinutes: 10, proxyBytes: 0 },
  { day: dayOf(today), projectId: 'a', sessions: 2, failed: 0, browserMinutes: 7, proxyBytes: 0 },
  { day: dayOf(today), projectId: 'b', sessions: 1, failed: 0, browserMinutes: 5, proxyBytes: 0 },
];

t('is by day and project, of the sessions that have ended', async () => {
  assert.equal(await admin.json('usage'), EXPECTED());
});

t('adds up to what the API says of a project', async () => {
  const project = await getProject(admin.installation.projects, 'a');
  const rows: readonly { browserMinutes: number }[] = await admin.json('usage', '--project', 'a');
  assert.is(
    rows.reduce((sum, { browserMinutes }) => sum + browserMinutes, 0),
    project?.browserMinutes,
  );
});

t('is of the projects and days that were asked for', async () => {
  assert.equal(await admin.json('usage', '--project', 'b'), EXPECTED().slice(2));
  assert.equal(await admin.json('usage', '--days', '1'), EXPECTED().slice(1));
  assert.equal(await admin.json('usage', '--days', '3', '--project', 'a'), EXPECTED().slice(0, 2));
  assert.equal(await admin.json('usage', '--project', 'nobody'), []);
});

t('is a table with its sums below it', async () => {
  const lines = (await admin.run('usage')).split('\n');
  assert.is(lines.at(-1), '5 sessions ended in 30 days, with 22 browser minutes');
  assert.equal(
    rowsOf(lines.slice(0, -1).join('\n')).map((row) => [row.DAY, row.PROJECT, row['BROWSER-MINUTES']]),
    EXPECTED().map(({ day, projectId, browserMinutes }) => [day, projectId, String(browserMinutes)]),
  );
});

t('is CSV with the same rows and nothing else', async () => {
  assert.is(
    await admin.run('usage', '--csv', '--project', 'b'),
    `DAY,PROJECT,SESSIONS,FAILED,BROWSER-MINUTES,PROXY-BYTES\r\n${dayOf(today)},b,1,0,5,0`,
  );
});

for (const [what, options, sentence] of [
  ['no days at all', ['--days', '0'], '--days must be a whole number from 1 to 30'],
  ['more days than the history has', ['--days', '31'], '--days must be a whole number from 1 to 30'],
  ['what can be no project', ['--project', 'a b'], '--project must be an id in "projects list"'],
  ['two forms at once', ['--csv', '--json'], '--json and --csv are two forms: give one of them'],
] as const) {
  t(`is refused with ${what}`, async () => {
    assert.is(await admin.refusal('usage', ...options), sentence);
  });
}

t.run();
