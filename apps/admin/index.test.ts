/** The command as it is run, on what stands for AWS: with `--prefix`, and what the SDK finds in its environment. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRunningInstallation, type RunningInstallation } from './testing/running-installation.ts';
import { seedingOf } from './testing/seeding.ts';

const PREFIX = 'wallcrawler-local';
const INDEX = join(import.meta.dirname, 'index.ts');
const home = mkdtempSync(join(tmpdir(), 'admin-home-'));

let machine: RunningInstallation;

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

const runIn = (env: Record<string, string>, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    // Nothing of this machine's own: no configuration, and no metadata service to ask.
    const bare = { PATH: process.env.PATH ?? '', HOME: home, AWS_EC2_METADATA_DISABLED: 'true' };
    execFile(process.execPath, [INDEX, ...args], { env: { ...bare, ...env } }, (error, output, errors) =>
      resolve({ code: Number(error?.code ?? 0), output, errors: errors.trim() }),
    );
  });

const awsEnvironment = () => ({
  AWS_ENDPOINT_URL: machine.aws.endpoint,
  AWS_REGION: machine.aws.client.region,
  AWS_ACCESS_KEY_ID: machine.aws.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: machine.aws.credentials.secretAccessKey,
});
const onAws = (...args: string[]) => runIn(awsEnvironment(), ...args, '--prefix', PREFIX);
async function read(...args: string[]) {
  const { code, output, errors } = await onAws(...args, '--json');
  assert.equal([code, errors], [0, ''], args.join(' '));
  return JSON.parse(output);
}

const t = suite('admin on AWS tables');
t.before(async () => {
  machine = await openRunningInstallation();
});
t.after(async () => {
  await machine.close();
  rmSync(home, { recursive: true });
});

t('does all that it does on one machine', async () => {
  await read('projects', 'create', '--id', 'main', '--name', 'main');
  const { keyId } = await read('keys', 'create', '--project', 'main');
  await read('keys', 'rotate', keyId, '--grace', '1h');
  await read('token-keys', 'rotate');
  const seeding = seedingOf(machine.installation);
  const context = await seeding.context('main', 700);
  const sessionId = randomUUID();
  const taskArn = await machine.runTask(sessionId);
  await seeding.session({ sessionId, projectId: 'main', taskArn });
  assert.is((await read('sessions', 'list'))[0].sessionId, sessionId);
  await read('sessions', 'end', sessionId);
  assert.is((await machine.taskOf(taskArn))?.desiredStatus, 'STOPPED');
  assert.is(
    (await read('contexts', 'size'))[0].bytes,
    700,
    'the bucket is found by the account of the table',
  );
  await read('contexts', 'delete', context.contextId);
  for (const words of ['projects list', 'keys list', 'contexts list', 'token-keys list', 'usage'])
    await read(...words.split(' '));
  assert.is((await read('projects', 'show', 'main')).contexts, 0);
});

t('names in its log the key that signed', async () => {
  const entries: readonly { who: string }[] = await read('audit', 'list');
  assert.is(entries.length, 6);
  for (const { who } of entries) assert.match(who, `access key ${machine.aws.credentials.accessKeyId}`);
});

t('ends with 0, with 1 for what is refused, and with 2 for a mistake', async () => {
  assert.is((await onAws('projects', 'list')).code, 0);
  assert.equal(await onAws('projects', 'show', 'none'), {
    code: 1,
    output: '',
    errors: 'There is no project none',
  });
  assert.equal(await onAws('projects', 'show'), {
    code: 2,
    output: '',
    errors: '"projects show" takes one PROJECT-ID',
  });
});

const SENTENCES: readonly [what: string, without: readonly string[], more: Record<string, string>, RegExp][] =
  [
    [
      'a region',
      ['AWS_REGION'],
      {},
      /^There is no AWS region: set AWS_REGION, such as "export AWS_REGION=us-west-2"/,
    ],
    [
      'credentials',
      ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
      {},
      /^There are no AWS credentials: set AWS_PROFILE .* or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/,
    ],
    [
      'credentials that AWS knows',
      [],
      { AWS_ACCESS_KEY_ID: 'AKIANOBODY' },
      /^AWS refuses the credentials \(\w+\): renew them/,
    ],
    [
      'a way to AWS',
      [],
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
      /^AWS cannot be reached \(ECONNREFUSED\): look at AWS_REGION/,
    ],
  ];
for (const [what, without, more, sentence] of SENTENCES) {
  t(`says without ${what} in one sentence what to set`, async () => {
    const env = Object.entries({ ...awsEnvironment(), ...more }).filter(([name]) => !without.includes(name));
    const { code, output, errors } = await runIn(
      Object.fromEntries(env),
      'projects',
      'list',
      '--prefix',
      PREFIX,
    );
    assert.equal([code, output], [1, '']);
    assert.match(errors, sentence);
    assert.not.match(errors, /\n/);
  });
}

t('says of a prefix that names nothing where to look', async () => {
  const { code, errors } = await runIn(awsEnvironment(), 'projects', 'list', '--prefix', 'nobody');
  assert.is(code, 1);
  assert.match(errors, /^There is no such table or secret: look at --prefix and AWS_REGION/);
});

t.run();
