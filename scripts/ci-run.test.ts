import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const ROOT = join(import.meta.dirname, '..');
// What the script itself is made of; the machine may have a terraform beside them.
const SYSTEM = [
  'bash',
  'sh',
  'dirname',
  'mktemp',
  'cp',
  'rm',
  'timeout',
  'tee',
  'tail',
  'grep',
  'cat',
  'chmod',
];
// Debian's commands that the tests need.
const DEBIAN = ['chromium', 'certutil', 'ffmpeg', 'strace'];
const OFFLINE = 'shared/tools/terraform-offline/terraform-offline.mjs';
const MODELS = 'shared/tools/aws-models/check';
const THEIRS = 'shared/data/browserbase-openapi-2.18.json';
const TESTS = 'echo "7 passed, 0 failed"';

interface Machine {
  /** What the commands on its PATH do, as shell; npm gets its arguments. */
  readonly commands?: Readonly<Record<string, string>>;
  /** Of Debian's commands that the tests need, one that it lacks. */
  readonly lacks?: string;
  readonly wrapper?: string;
  /** A stand-in for the registry lies beside the project. */
  readonly hasOffline?: boolean;
  /** Browserbase's own contract lies beside the project. */
  readonly hasTheirs?: boolean;
  /** What the check against AWS's models does, as shell, when it lies beside the project. */
  readonly models?: string;
}

const systemPath = (name: string): string =>
  ['/usr/bin', '/bin'].map((folder) => join(folder, name)).find(existsSync) ?? `/usr/bin/${name}`;

/** Runs .ci/run on a machine that has only these commands besides those of SYSTEM. */
function run({ commands = {}, lacks, wrapper, hasOffline = false, hasTheirs = false, models }: Machine) {
  const folder = mkdtempSync(join(tmpdir(), 'ci-run-'));
  const root = join(folder, 'project');
  const bin = join(root, 'bin');
  const log = join(root, 'calls');
  try {
    for (const path of [
      'bin',
      '.ci',
      'terraform/modules/platform',
      `../${OFFLINE}/..`,
      `../${MODELS}/..`,
      `../${THEIRS}/..`,
    ]) {
      mkdirSync(join(root, path), { recursive: true });
    }
    if (hasOffline) writeFileSync(join(folder, OFFLINE), '');
    if (hasTheirs) writeFileSync(join(folder, THEIRS), '{}');
    const note = (does: string, as: string) => `#!/bin/sh\necho "${as} $*" >> "${log}"\n${does}\n`;
    if (models !== undefined) writeFileSync(join(folder, MODELS), note(models, 'models'), { mode: 0o755 });
    for (const file of ['.ci/run', 'terraform/modules/platform/terraform.tf']) {
      copyFileSync(join(ROOT, file), join(root, file));
    }
    for (const name of SYSTEM) symlinkSync(systemPath(name), join(bin, name));
    const installed = DEBIAN.filter((name) => name !== lacks).map((name) => [name, 'true'] as const);
    for (const [name, does] of Object.entries({
      ...Object.fromEntries(installed),
      'apt-get': 'true',
      npm: npm(),
      ...commands,
    })) {
      writeFileSync(join(bin, name), note(does, name), { mode: 0o755 });
    }
    const { status, stdout } = spawnSync('bash', [join(root, '.ci/run')], {
      encoding: 'utf8',
      env: { PATH: bin, ...(wrapper === undefined ? {} : { TERRAFORM_WRAPPER: wrapper }) },
    });
    const calls = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
    return {
      status,
      lines: stdout.trim().split('\n'),
      calls: calls.filter((call) => /^(npm|models|apt-get) /.test(call)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An npm whose `run test:terraform` and `test` do this. */
const npm = ({ terraform = 'true', tests = TESTS } = {}) =>
  `case "$*" in "run test:terraform") ${terraform} ;; test) ${tests} ;; esac`;

const WITH = ['npm ci', 'npm run test:terraform', 'npm test'];
const WITHOUT = ['npm ci', 'npm test'];
const LAST = '7 passed, 0 failed';

const t = suite('.ci/run');

const INSTALL = 'apt-get install -y -qq --no-install-recommends chromium ffmpeg libnss3-tools strace';
for (const lacks of DEBIAN) {
  t(`installs what the tests need where ${lacks} is missing`, () => {
    assert.equal(run({ lacks }).calls, ['apt-get update -qq', INSTALL, ...WITHOUT]);
  });
}

t('tests terraform/ first where it is there and has its provider', () => {
  const { status, lines, calls } = run({ commands: { terraform: 'true' } });
  assert.is(status, 0);
  assert.equal(calls, WITH);
  assert.is(lines.at(-1), LAST);
});

t('says that it skips them without a terraform, or without a provider', () => {
  const absent = run({});
  assert.equal([absent.status, absent.calls], [0, WITHOUT]);
  assert.match(absent.lines.join('\n'), /^SKIPPED: the tests of terraform\/, because there is no terraform/m);
  assert.is(absent.lines.at(-1), LAST);
  const offline = run({ commands: { terraform: 'exit 1' } });
  assert.equal([offline.status, offline.calls], [0, WITHOUT]);
  assert.match(offline.lines.join('\n'), /^SKIPPED: .* cannot fetch its provider here/m);
});

t('takes a wrapper for the wish to run them', () => {
  const { calls } = run({ commands: { terraform: 'exit 1' }, wrapper: 'offline' });
  assert.equal(calls, WITH);
});

t('takes the stand-in for the registry that lies beside the project', () => {
  const { calls } = run({ commands: { terraform: 'exit 1' }, hasOffline: true });
  assert.equal(calls, WITH);
});

t('tells the tests of Browserbase’s own contract where it lies beside the project', () => {
  const commands = { npm: npm({ tests: `echo "theirs \${BROWSERBASE_OPENAPI:-none}"; ${TESTS}` }) };
  assert.ok(run({ commands }).lines.includes('theirs none'));
  const told = run({ commands, hasTheirs: true }).lines.find((line) => line.startsWith('theirs '));
  assert.ok(told?.endsWith(THEIRS), told);
});

t('fails when terraform/ fails, and runs the other tests all the same', () => {
  const terraform = npm({ terraform: 'echo "1 passed, 1 failed"; exit 1' });
  const { status, lines, calls } = run({ commands: { terraform: 'true', npm: terraform } });
  assert.is(status, 1);
  assert.equal(calls, WITH);
  assert.is(lines.at(-1), LAST);
});

const BUILD = 'npm run build -- --quiet --if-stale';
/** The calls in their order, but for two that are made at the same time. */
const inOrder = (calls: readonly string[]) =>
  calls
    .join('\n')
    .replace('npm run test:terraform\nmodels .', 'models .\nnpm run test:terraform')
    .split('\n');
const FULL = ['npm ci', BUILD, 'models .', 'npm run test:terraform', 'npm test'];
const ABLE = { terraform: 'true', python3: 'true' };

t('holds what is planned against AWS’s models, built, where they lie beside the project', () => {
  const { status, lines, calls } = run({ commands: ABLE, models: 'echo "15 passed, 0 failed"' });
  assert.equal([status, inOrder(calls)], [0, FULL]);
  assert.is(lines.at(-1), LAST);
  const { calls: without } = run({ commands: ABLE });
  assert.equal(without, WITH, 'and says nothing of them where they do not');
});

t('asks them also where the provider cannot be fetched: they bring their own', () => {
  const { calls } = run({ commands: { ...ABLE, terraform: 'exit 1' }, models: 'true' });
  assert.equal(calls, ['npm ci', BUILD, 'models .', 'npm test']);
});

t('fails when a planned value is none for AWS, or nothing is built, and runs the tests all the same', () => {
  const refused = run({ commands: ABLE, models: 'echo "14 passed, 1 failed"; exit 1' });
  assert.equal([refused.status, inOrder(refused.calls), refused.lines.at(-1)], [1, FULL, LAST]);
  const npmFails = `case "$*" in "run build"*) exit 1 ;; test) ${TESTS} ;; esac`;
  const unbuilt = run({ commands: { ...ABLE, npm: npmFails }, models: 'true' });
  assert.equal([unbuilt.status, unbuilt.calls.includes('models .'), unbuilt.lines.at(-1)], [1, false, LAST]);
});

t('asks a copy of it that knows queues, where one can be made, and leaves the check itself as it is', () => {
  const git = 'case "$*" in "apply "*models-know-more.patch) echo "exit 0" > check ;; *) exit 1 ;; esac';
  assert.is(run({ commands: { ...ABLE, git }, models: 'exit 1' }).status, 0);
  assert.is(run({ commands: { ...ABLE, git: 'exit 1' }, models: 'exit 1' }).status, 1);
});

const RULE = 'FAULT module.rest_api.main.gateway-responses.ACCESS_DENIED a template with a variable';
const FOUND = `echo "FAIL  envs/dev: 9 rules: 1 faults, 0 unread"; echo "  ${RULE}"`;

for (const [what, models, expected] of [
  ['the one rule that is not AWS’s', `${FOUND}; echo "13 passed, 1 failed"; exit 1`, 0],
  ['it beside another', `${FOUND}; echo "  FAULT other"; echo "13 passed, 1 failed"; exit 1`, 1],
  ['it beside a step', `${FOUND}; echo "FAIL  envs/dev: apply"; echo "13 passed, 2 failed"; exit 1`, 1],
  ['it, and then the check breaks off', `${FOUND}; exit 124`, 1],
] as const) {
  t(`${expected === 0 ? 'passes' : 'fails'} when they find ${what}`, () => {
    assert.is(run({ commands: ABLE, models }).status, expected);
  });
}

t('says that it does not ask them without a terraform, or without a Python that knows boto3', () => {
  for (const [commands, why] of [
    [{ python3: 'true' }, 'there is no terraform on the PATH'],
    [{ terraform: 'true', python3: 'exit 1' }, 'there is no Python with boto3 >= 1.40'],
    [{ terraform: 'true' }, 'there is no Python with boto3 >= 1.40'],
  ] as const) {
    const { status, lines, calls } = run({ commands, models: 'exit 1' });
    assert.equal([status, calls.includes('models .')], [0, false]);
    assert.ok(lines.includes(`SKIPPED: the check against AWS's models, because ${why}`), lines.join('\n'));
  }
});

t('fails when the tests fail', () => {
  const { status, lines } = run({ commands: { npm: npm({ tests: 'echo "6 passed, 1 failed"; exit 1' }) } });
  assert.is(status, 1);
  assert.is(lines.at(-1), '6 passed, 1 failed');
});

t('goes no further without its packages', () => {
  const { status, calls } = run({ commands: { npm: 'exit 3' } });
  assert.is(status, 3);
  assert.equal(calls, ['npm ci']);
});

t.run();
