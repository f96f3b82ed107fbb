import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const SCRIPT = join(import.meta.dirname, 'image.mjs');
const REPOSITORY = '123456789012.dkr.ecr.us-west-2.amazonaws.com/browser';
const MANIFEST = {
  layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd', size: 210_000_000 }],
};

interface World {
  /** Files besides those that are committed. */
  readonly changes?: Record<string, string>;
  /** More files that are. */
  readonly files?: Record<string, string>;
  /** What the fake docker does, in shell, with its arguments in $@; it notes them by itself. */
  readonly docker?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the script in a repository with one commit, with a docker that only notes what it is asked. */
function run(args: readonly string[], { changes = {}, files = {}, docker = 'exit 0', env = {} }: World = {}) {
  const root = mkdtempSync(join(tmpdir(), 'image-'));
  try {
    const write = (files: Record<string, string>) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    };
    const git = (...words: string[]) =>
      spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...words], {
        cwd: root,
        encoding: 'utf8',
      });
    write({
      '.gitignore': 'dist/\nfake/\nnotes\n',
      'controller/Dockerfile': 'FROM scratch\n',
      ...files,
      'dist/controller/index.js': '',
      'dist/router/index.js': '',
      'dist/infrastructure.json': '{}',
    });
    write({ 'fake/engine': `#!/bin/sh\necho "$@" >> '${root}/notes'\n${docker}\n` });
    chmodSync(join(root, 'fake/engine'), 0o755);
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'one');
    const commit = git('rev-parse', 'HEAD').stdout.trim();
    write(changes);
    const child = spawnSync(process.execPath, [SCRIPT, ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, IMAGE_WRAPPER: join(root, 'fake/engine'), ...env },
    });
    const notes = existsSync(join(root, 'notes')) ? readFileSync(join(root, 'notes'), 'utf8') : '';
    return { code: child.status, stdout: child.stdout, stderr: child.stderr, notes, commit };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const OWN = process.arch === 'x64' ? 'x86_64' : 'arm64';
const PUSH = ['controller', '--push', REPOSITORY, '--architecture', OWN];
// The tag is not there before the build, and is after it.
const EMPTY_REGISTRY = `case "$*" in
*imagetools*) [ -e fake/pushed ] && echo '${JSON.stringify(MANIFEST)}' ;;
*"buildx build"*) touch fake/pushed ;;
esac`;

const OWN_ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch;
const FOREIGN = OWN === 'arm64' ? 'x86_64' : 'arm64';
const FOREIGN_PLATFORM = FOREIGN === 'arm64' ? 'linux/arm64' : 'linux/amd64';
const PUSH_FOREIGN = ['controller', '--push', REPOSITORY, '--architecture', FOREIGN];
const ROUTER = { files: { 'router/Dockerfile': 'FROM scratch\n' } };
/** A builder that can run both. */
const ABLE = EMPTY_REGISTRY.replace(
  'esac',
  `*"buildx inspect"*) echo 'Platforms: linux/amd64, linux/arm64' ;;\nesac`,
);

const t = suite('npm run image');

t('builds for this machine, from the whole tree, with the commit as tag', () => {
  const { code, notes, commit, stdout } = run(['controller']);
  assert.is(code, 0);
  const build = notes.split('\n').find((line) => line.startsWith('docker buildx build'));
  assert.ok(build?.includes(`--platform linux/${OWN_ARCHITECTURE} --file controller/Dockerfile`));
  assert.ok(build?.includes(`--tag wallcrawler-controller:${commit} `));
  assert.ok(build?.endsWith('--load .'));
  assert.match(stdout, `WALLCRAWLER_BROWSER_IMAGE=wallcrawler-controller:${commit} npm start`);
});

t('takes a list of the hosts of ads along, and none of an earlier build', () => {
  const list = join(import.meta.dirname, 'image.mjs');
  const has = `case "$*" in *"buildx build"*) [ -e dist/controller/ad-hosts.txt ] && echo "with the list" >> notes ;; esac; exit 0`;
  const files = { 'dist/controller/ad-hosts.txt': 'old.example' };
  assert.not.match(run(['controller'], { files, docker: has }).notes, 'with the list');
  assert.match(
    run(['controller'], { docker: has, env: { WALLCRAWLER_AD_HOSTS: list } }).notes,
    'with the list',
  );
  const { code, stderr } = run(['controller'], { env: { WALLCRAWLER_AD_HOSTS: '/nowhere/hosts' } });
  assert.equal([code, stderr.trim()], [1, 'WALLCRAWLER_AD_HOSTS names no file']);
});

t('marks the tag of an image that holds more than its commit', () => {
  const { notes, commit } = run(['controller'], { changes: { 'new.txt': 'x' } });
  assert.match(notes, `--tag wallcrawler-controller:${commit}-changed `);
});

t('builds one machine for x64 everywhere, and says how to run it', () => {
  const files = { 'local/Dockerfile': 'FROM scratch\n' };
  const { code, notes, stdout, commit } = run(['platform'], { files });
  assert.is(code, 0);
  assert.match(notes, '--platform linux/amd64 --file local/Dockerfile');
  assert.match(
    stdout,
    `WALLCRAWLER_IMAGE=wallcrawler-platform:${commit} docker compose -f local/compose.yaml up`,
  );
});

t('pushes layers of zstd, built from nothing, and tells what is to be fetched', () => {
  const { code, notes, stdout, commit } = run(PUSH, { docker: EMPTY_REGISTRY });
  assert.is(code, 0);
  assert.match(notes, `--tag ${REPOSITORY}:${commit}-${OWN} `);
  assert.match(notes, /--pull --no-cache --output type=image,push=true,compression=zstd,/);
  assert.match(stdout, /210\.0 MB {2}to fetch, in 1 layers\n/);
});

t('says so when the builder has not used zstd', () => {
  const { stdout } = run(PUSH, { docker: EMPTY_REGISTRY.replace('tar+zstd', 'tar+gzip') });
  assert.match(stdout, /1 of them without zstd/);
});

t('pushes each image for what Fargate runs it on where nobody says', () => {
  for (const [part, architecture, platform] of [
    ['controller', 'x86_64', 'linux/amd64'],
    ['router', 'arm64', 'linux/arm64'],
  ] as const) {
    const { code, notes, commit, stderr } = run([part, '--push', REPOSITORY], { ...ROUTER, docker: ABLE });
    assert.is(code, 0, stderr);
    assert.match(notes, `--platform ${platform} --file ${part}/Dockerfile`);
    assert.match(notes, `--tag ${REPOSITORY}:${commit}-${architecture} `);
  }
});

t('pushes for the other architecture under a tag of its own', () => {
  const { code, notes, commit } = run(PUSH_FOREIGN, { docker: ABLE });
  assert.is(code, 0);
  assert.match(notes, `--platform ${FOREIGN_PLATFORM} --file controller/Dockerfile`);
  assert.match(notes, `--tag ${REPOSITORY}:${commit}-${FOREIGN} `);
});

t('knows two architectures, and one for the machine in a container', () => {
  const other = run(['controller', '--architecture', 'amd64']);
  assert.equal([other.code, other.notes], [1, '']);
  assert.match(other.stderr, '--architecture is one of x86_64, arm64, not "amd64"');
  const files = { 'local/Dockerfile': 'FROM scratch\n' };
  const machine = run(['platform', '--architecture', 'arm64'], { files });
  assert.equal([machine.code, machine.notes], [1, '']);
  assert.match(machine.stderr, 'The image of platform is for x86_64 only');
});

t('loads the router for this machine', () => {
  const { notes } = run(['router'], ROUTER);
  assert.match(notes, `--platform linux/${OWN_ARCHITECTURE} --file router/Dockerfile`);
});

t('says what to do where the builder cannot run the other architecture', () => {
  const { code, stderr, notes } = run(PUSH_FOREIGN, { docker: EMPTY_REGISTRY });
  assert.is(code, 1);
  assert.match(stderr, `cannot run ${FOREIGN_PLATFORM}`);
  assert.match(stderr, /tonistiigi\/binfmt --install/);
  assert.not.match(notes, /buildx build/);
});

t('never moves a tag', () => {
  const { code, notes, stdout } = run(PUSH);
  assert.is(code, 0);
  assert.match(stdout, /is there already/);
  assert.not.match(notes, /buildx build/);
});

t('pushes nothing from a tree with changes', () => {
  const { code, notes, stderr } = run(PUSH, { changes: { 'new.txt': 'x' } });
  assert.is(code, 1);
  assert.match(stderr, /Commit first.*\n\?\? new\.txt/);
  assert.not.match(notes, /buildx build/);
});

t('fails when the build does, and says what is missing', () => {
  const failed = run(['controller'], { docker: 'case "$*" in *"buildx build"*) exit 17 ;; esac' });
  assert.is(failed.code, 1);
  assert.match(failed.stderr, /docker ended with 17/);
  const noBuildx = run(['controller'], { docker: 'echo "unknown command: buildx" >&2; exit 1' });
  assert.match(noBuildx.stderr, /no buildx.*unknown command: buildx/);
  assert.match(run(['router']).stderr, /There is no router\/Dockerfile/);
});

t('names a wrong argument', () => {
  for (const args of [[], ['browser'], ['controller', 'router']]) assert.match(run(args).stderr, /^Usage: /);
  assert.match(run(['controller', '--push', 'https://x/y']).stderr, /not "https:\/\/x\/y"/);
});

t.run();
