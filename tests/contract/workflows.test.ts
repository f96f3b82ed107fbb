import { globSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const ROOT = new URL('../../', import.meta.url).pathname;

const files = globSync(['.github/workflows/*.yml', '.github/actions/*/action.yml'], { cwd: ROOT }).map(
  (path) => ({
    path,
    text: readFileSync(`${ROOT}${path}`, 'utf8'),
  }),
);
const workflows = files.filter(({ path }) => path.includes('/workflows/'));

const t = suite('GitHub workflows');

t('use actions by their commit, with the version beside it', () => {
  const used = files.flatMap(({ text }) =>
    [...text.matchAll(/^\s*-? ?uses: (.+)$/gm)].map(([, use]) => use ?? ''),
  );
  assert.ok(used.length > 8);
  for (const use of used) assert.match(use, /^(\.\/\S+|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/);
});

t('use one commit of each action', () => {
  const all = files.flatMap(({ text }) => [...text.matchAll(/uses: (\S+)@(\S+ # \S+)/g)]);
  const byAction = Map.groupBy(all, ([, action]) => action);
  for (const [action, uses] of byAction) {
    assert.is(new Set(uses.map(([, , version]) => version)).size, 1, String(action));
  }
});

t('have no rights but those that a job asks for', () => {
  for (const { path, text } of workflows) {
    assert.match(text, /^permissions:( \{\}|\n {2}contents: read)$/m, path);
    assert.not.match(text, /write-all|pull_request_target/, path);
  }
});

t('ask for a role in a deployment or a plan only', () => {
  const asking = workflows.filter(({ text }) => text.includes('id-token: write')).map(({ path }) => path);
  assert.equal(asking.sort(), ['.github/workflows/deploy.yml', '.github/workflows/plan.yml']);
});

t('put no text of a pull request into a shell', () => {
  for (const { path, text } of files) {
    const commands = [...text.matchAll(/run: (\|\n(?:\s{10,}.*\n)+|.*)/g)].map(
      ([, command]) => command ?? '',
    );
    for (const command of commands) assert.not.match(command, /\$\{\{/, `${path}: ${command}`);
  }
});

t('ask for known faults of packages with each new lockfile, and by the week', () => {
  const audit = workflows.find(({ path }) => path.endsWith('/advisories.yml'))?.text ?? '';
  assert.match(audit, /paths: \[package-lock\.json\]/);
  assert.match(audit, /cron: '\d+ \d+ \* \* \d'/);
  assert.match(audit, /run: npm run audit$/m);
});

t('install packages before there are credentials', () => {
  for (const { path, text } of files.filter((file) => file.text.includes('configure-aws-credentials'))) {
    const [install, credentials] = [text.indexOf('run: npm ci'), text.indexOf('configure-aws-credentials@')];
    assert.ok(install > 0 && install < credentials, path);
  }
});

t('build images with a builder that knows zstd', () => {
  const { text } = files.find(({ path }) => path.endsWith('actions/deploy/action.yml')) ?? { text: '' };
  const [builder, deploy] = [
    text.indexOf('run: docker buildx create --use'),
    text.indexOf('scripts/deploy.mjs'),
  ];
  assert.ok(builder > 0 && builder < deploy);
});

t('have credentials for as long as a deployment may take, and no longer than the role allows', () => {
  const deploy = files.find(({ path }) => path.endsWith('workflows/deploy.yml'))?.text ?? '';
  const action = files.find(({ path }) => path.endsWith('actions/deploy/action.yml'))?.text ?? '';
  const seconds = Number(action.match(/role-duration-seconds: (\d+)/)?.[1]);
  const jobMinutes = [...deploy.matchAll(/timeout-minutes: (\d+)/g)].map(([, minutes]) => Number(minutes));
  assert.ok(jobMinutes.length === 2 && jobMinutes.every((minutes) => minutes * 60 <= seconds));
  const role = readFileSync(`${ROOT}terraform/bootstrap/github-roles.tf`, 'utf8');
  assert.ok(seconds <= Number(role.match(/max_session_duration = (\d+)/)?.[1]));
});

t('run the Terraform that the code is tested with', () => {
  const versions = new Set(
    files.flatMap(({ text }) =>
      [...text.matchAll(/terraform_version: (\S+)/g)].map(([, version]) => version),
    ),
  );
  assert.is(versions.size, 1);
});

t.run();
