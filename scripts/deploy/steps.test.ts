import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
// @ts-expect-error plain JavaScript without types
import { capture, pipe, run, StepFailedError } from './steps.mjs';

const sh = (script: string): [string, string[]] => ['/bin/sh', ['-c', script]];
/** The sentence of a step that fails. */
const failureOf = async (step: Promise<unknown>): Promise<string> => {
  const error = await step.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.instance(error, StepFailedError);
  return (error as Error).message;
};

/** Runs `body` in a process of its own, with all of steps.mjs in its names, as the scripts do. */
async function runScript(body: string, input?: string, signal?: NodeJS.Signals) {
  const imports = `import * as steps from ${JSON.stringify(join(import.meta.dirname, 'steps.mjs'))};`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', `${imports}\n${body}`]);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
      if (signal !== undefined && output.includes('ready')) child.kill(signal);
    });
  child.stdin.on('error', () => undefined);
  if (input !== undefined) child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, output };
}

const steps = suite('a step of a deployment');

steps('answers with its code where that is a good one, and fails with any other', async () => {
  const [command, args] = sh('exit 2');
  assert.is(await run('plan', command, args, [0, 2]), 2);
  assert.is(
    await failureOf(run('plan', command, args)),
    'plan: /bin/sh ended with 2; nothing after it was done',
  );
  assert.is(
    await failureOf(run('plan', ...sh('exit 0'), [2])),
    'plan: /bin/sh ended with 0; nothing after it was done',
  );
});

steps('fails by the signal that ended it, and when there is no such command', async () => {
  assert.match(await failureOf(run('plan', ...sh('kill -9 $$'))), /ended with SIGKILL;/);
  assert.is(
    await failureOf(capture('git', '/nowhere/git', [])),
    'git: /nowhere/git cannot be run (ENOENT); nothing after it was done',
  );
});

steps('is captured whole and without blanks around it, however it comes', async () => {
  const [command, args] = sh("printf ' \\n'; printf '\\303'; sleep 0.1; printf '\\251 x\\n\\n'");
  assert.is(await capture('output', command, args), 'é x');
  const large = await capture('output', ...sh('yes 0123456789 | head -c 300000'));
  assert.ok(large.length >= 299_999, `${large.length} characters`);
  assert.is(
    await failureOf(capture('output', ...sh('echo x; exit 1'))),
    'output: /bin/sh ended with 1; nothing after it was done',
  );
});

steps('hands a secret from one command to another', async () => {
  await pipe('login', sh('printf secret'), sh('[ "$(cat)" = secret ]'));
  assert.is(
    await failureOf(pipe('login', sh('printf other'), sh('[ "$(cat)" = secret ]'))),
    'login: /bin/sh ended with 1; nothing after it was done',
  );
});

steps('fails when either end of a pipe does, also one that reads nothing', async () => {
  assert.match(await failureOf(pipe('login', sh('exit 4'), sh('cat'))), /ended with 4;/);
  assert.match(await failureOf(pipe('login', sh('yes'), sh('exit 5'))), /ended with (5|SIGPIPE);/);
  assert.match(
    await failureOf(pipe('login', sh('printf x'), ['/nowhere/docker', []])),
    /cannot be run \(ENOENT\);/,
  );
});

steps.run();

// ---

const asking = suite('a question before a deployment');
const ASK = `await steps.runMain(async () => { await steps.confirm('Apply?', 'dev', false); console.log('went on'); });`;

asking('goes on for the whole name only', async () => {
  for (const input of ['dev\n', ' dev \n']) {
    const { code, output } = await runScript(ASK, input);
    assert.is(code, 0, JSON.stringify(input));
    assert.match(output, /Apply\? Type "dev" to go on: [\s\S]*went on/);
  }
  for (const input of ['', '\n', 'y\n', 'DEV\n', 'dev prod\n', 'no\ndev\n']) {
    const { code, output } = await runScript(ASK, input);
    assert.is(code, 1, JSON.stringify(input));
    assert.match(output, /Not confirmed: nothing was changed\n$/);
    assert.not.match(output, 'went on');
  }
});

asking('is not asked where it was agreed already', async () => {
  const { code, output } = await runScript(ASK.replace('false', 'true'));
  assert.equal([code, output], [0, 'went on\n']);
});

asking.run();

// ---

const main = suite('what a script of a deployment ends with');
const failWith = (name: string) =>
  `await steps.runMain(async () => { throw Object.assign(new Error('why'), { name: '${name}' }); });`;

main('is 2 for a mistake in the asking and 1 for a step that failed, each with one sentence', async () => {
  for (const [name, expected] of [
    ['UsageError', 2],
    ['StepFailedError', 1],
    ['NotConfirmedError', 1],
  ] as const) {
    assert.equal(await runScript(failWith(name), ''), { code: expected, output: '\nwhy\n' });
  }
});

main('is a trace for a fault of its own', async () => {
  const { code, output } = await runScript(
    `await steps.runMain(async () => { throw new TypeError('why'); });`,
    '',
  );
  assert.is(code, 1);
  assert.match(output, /TypeError: why\n\s+at /);
});

main('waits for the command that runs when somebody presses Ctrl-C: it has a lock to let go', async () => {
  const body = `await steps.runMain(async () => {
    await steps.run('apply', '/bin/sh', ['-c', 'trap "" INT; echo ready; sleep 3; echo let go']);
  });`;
  const { code, output } = await runScript(body, undefined, 'SIGINT');
  assert.is(code, 0);
  assert.match(output, /let go\n$/);
});

main.run();
