import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { getProject } from '../../core/aws/projects/get-project.ts';
import { openTestInstallation, rowsOf, type TestInstallation } from './testing/local-installation.ts';

let admin: TestInstallation;
const stored = (id: string) => getProject(admin.installation.projects, id);
async function existing(id: string) {
  const project = await stored(id);
  if (project === undefined) throw new Error(`there is no project ${id}`);
  return project;
}

const t = suite('admin projects');
t.before(async () => {
  admin = await openTestInstallation();
});
t.after(() => admin.close());

t('are listed as a head alone while there are none', async () => {
  assert.is(await admin.run('projects', 'list'), 'ID  NAME  TIMEOUT  CONCURRENCY  RUNNING  BROWSER-MINUTES');
});

t('are made with what was asked for, and nothing used yet', async () => {
  const options = ['--timeout', '120', '--concurrency', '3', '--owner', 'team'];
  assert.is(
    await admin.run('projects', 'create', '--id', 'shop', '--name', ' Shop ', ...options),
    'Project shop created: 3 sessions at once, 120 s each',
  );
  const { createdAt, updatedAt, ...project } = await existing('shop');
  assert.equal(project, {
    projectId: 'shop',
    name: 'Shop',
    ownerId: 'team',
    defaultTimeoutSeconds: 120,
    concurrency: 3,
    running: 0,
    browserMinutes: 0,
    proxyBytes: 0,
  });
  assert.is(createdAt, updatedAt);
  assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000);
});

t('are made with an id of their own and the defaults', async () => {
  const output = await admin.run('projects', 'create', '--name', 'plain');
  const [, id = ''] =
    /^Project ([0-9a-f-]{36}) created: 25 sessions at once, 3600 s each$/.exec(output) ?? [];
  const project = await stored(id);
  assert.equal([project?.ownerId, project?.defaultTimeoutSeconds, project?.concurrency], ['owner', 3600, 25]);
});

t('are not made over one that is there', async () => {
  assert.is(
    await admin.refusal('projects', 'create', '--id', 'shop', '--name', 'Other'),
    'There is a project shop already',
  );
  assert.is((await stored('shop'))?.name, 'Shop');
});

const REFUSED: readonly [what: string, options: readonly string[], sentence: RegExp][] = [
  ['an id with a slash', ['--name', 'x', '--id', 'a/b'], /^--id must be 1 to 64 letters/],
  ['an id that starts with a dash', ['--name', 'x', '--id=-a'], /^--id must be 1 to 64 letters/],
  ['an id of 65 characters', ['--name', 'x', '--id', 'a'.repeat(65)], /^--id must be/],
  ['no name', [], /^--name must be/],
  ['a timeout under a minute', ['--name', 'x', '--timeout', '59'], /^--timeout must be .* 60 to 21600$/],
  ['a timeout over 6 hours', ['--name', 'x', '--timeout', '21601'], /^--timeout must be/],
  ['a timeout in other digits', ['--name', 'x', '--timeout', '1e3'], /^--timeout must be/],
  ['no sessions at all', ['--name', 'x', '--concurrency', '0'], /^--concurrency must be .* 1 to 10000$/],
  ['too many sessions', ['--name', 'x', '--concurrency', '10001'], /^--concurrency must be/],
];
for (const [what, options, sentence] of REFUSED) {
  t(`are refused with ${what}, and not stored`, async () => {
    const before = await admin.run('projects', 'list');
    assert.match(await admin.refusal('projects', 'create', ...options), sentence);
    assert.is(await admin.run('projects', 'list'), before);
  });
}

t('take every bound itself', async () => {
  for (const [id, timeout, concurrency] of [
    ['least', '60', '1'],
    ['most', '21600', '10000'],
  ] as const) {
    const options = ['--timeout', timeout, '--concurrency', concurrency];
    await admin.run('projects', 'create', '--id', id, '--name', id, ...options);
    assert.is((await stored(id))?.concurrency, Number(concurrency));
  }
});

t('change in what is given, and in nothing else', async () => {
  const { updatedAt: was, ...rest } = await existing('shop');
  assert.is(
    await admin.run('projects', 'update', 'shop', '--concurrency', '50'),
    'Project shop changed; sessions that run keep what they have',
  );
  const { updatedAt, ...after } = await existing('shop');
  assert.equal(after, { ...rest, concurrency: 50 });
  assert.ok(updatedAt >= was);
  await admin.run('projects', 'update', 'shop', '--name', 'Store', '--timeout', '300');
  const changed = await stored('shop');
  assert.equal([changed?.name, changed?.defaultTimeoutSeconds, changed?.concurrency], ['Store', 300, 50]);
});

t('are not changed without a change, or made by one', async () => {
  assert.is(
    await admin.refusal('projects', 'update', 'shop'),
    'Give what is to change: --name, --timeout or --concurrency',
  );
  assert.is(await admin.refusal('projects', 'update', 'nobody', '--name', 'x'), 'There is no project nobody');
  assert.is(await stored('nobody'), undefined);
  assert.match(await admin.refusal('projects', 'update', 'shop', '--concurrency', '-1'), /concurrency/);
});

t('are listed in the order in which they were made', async () => {
  const rows = rowsOf(await admin.run('projects', 'list'));
  assert.equal(
    rows.map(({ NAME }) => NAME),
    ['Store', 'plain', 'least', 'most'],
  );
  assert.equal(rows[0], {
    ID: 'shop',
    NAME: 'Store',
    TIMEOUT: '300 s',
    CONCURRENCY: '50',
    RUNNING: '0',
    'BROWSER-MINUTES': '0',
  });
});

t('are shown one by one, with what would go with them', async () => {
  const shown = await admin.json('projects', 'show', 'shop');
  assert.equal(shown, { ...(await existing('shop')), keys: 0, contexts: 0 });
  assert.match(await admin.run('projects', 'show', 'shop'), /^name +Store$/m);
  assert.is(await admin.obstacle('projects', 'show', 'nobody'), 'There is no project nobody');
  assert.is(await admin.refusal('projects', 'show', 'a b'), 'PROJECT-ID is the id in "projects list"');
});

t.run();
