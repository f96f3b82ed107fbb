import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FakeBrowser, untilGone, writeFakeBrowser } from '../testing/fake-browser.ts';
import { type Chrome, ChromeLaunchError, killGroup, type LaunchOptions, launchChrome } from './launch.ts';

const launches = suite('the launch of a browser');
const made: { browsers: FakeBrowser[]; chromes: Chrome[] } = { browsers: [], chromes: [] };
launches.after.each(async () => {
  for (const { pid, exited } of made.chromes.splice(0)) {
    killGroup(pid);
    await exited;
  }
  for (const browser of made.browsers.splice(0)) await browser.remove();
});

async function fakeBrowser(script?: string, options?: { listens: boolean }): Promise<FakeBrowser> {
  const browser = await writeFakeBrowser(script, options);
  made.browsers.push(browser);
  return browser;
}

async function launch(
  { executable, folder }: Pick<FakeBrowser, 'executable' | 'folder'>,
  options: Partial<LaunchOptions> = {},
): Promise<Chrome> {
  const chrome = await launchChrome({
    executable,
    flags: ['--flag', `--user-data-dir=${folder}/profile`],
    env: { ONLY: 'this' },
    cwd: folder,
    sessionFolder: folder,
    signal: new AbortController().signal,
    ...options,
  });
  made.chromes.push(chrome);
  return chrome;
}

const failureOf = async (launching: Promise<Chrome>): Promise<ChromeLaunchError> => {
  const error = await launching.then(
    () => assert.unreachable('it was launched'),
    (thrown: unknown) => thrown,
  );
  assert.instance(error, ChromeLaunchError);
  return error as ChromeLaunchError;
};

launches('is over when it answers, and gives it its flags and its folder', async () => {
  const browser = await fakeBrowser();
  const { connection } = await launch(browser);
  const { argv, cwd } = await connection.call('Fake.describe');
  assert.equal(argv, ['--flag', `--user-data-dir=${browser.folder}/profile`]);
  assert.is(cwd, browser.folder);
});

launches('asks with the first question for what every Chrome is asked for', async () => {
  const asked: string[] = [];
  const { prepared } = await launch(await fakeBrowser(), {
    async prepare(connection) {
      asked.push('prepare');
      await connection.call('Fake.describe');
      asked.push('answered');
    },
  });
  await prepared;
  assert.equal(asked, ['prepare', 'answered']);
});

launches(
  'is not undone by a question that Chrome refuses: whoever needs the answer hears of it',
  async () => {
    const { prepared } = await launch(await fakeBrowser(), {
      prepare: async () => {
        throw new Error('Chrome refused it');
      },
    });
    assert.is(await prepared.catch((error: Error) => error.message), 'Chrome refused it');
  },
);

launches('gives it no variable of the controller’s', async () => {
  process.env.CONTROLLER_TOKEN = 'the-secret';
  try {
    const { connection } = await launch(await fakeBrowser());
    const { env } = (await connection.call('Fake.describe')) as { env: Record<string, string> };
    // The shell that starts the stand-in adds its own.
    const { PWD: _, OLDPWD: __, SHLVL: ___, _: ____, ...given } = env;
    assert.equal(given, { ONLY: 'this' });
  } finally {
    delete process.env.CONTROLLER_TOKEN;
  }
});

launches('puts it into a process group of its own, which a Ctrl-C does not reach', async () => {
  const { pid } = await launch(await fakeBrowser());
  const group = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ')[2];
  assert.is(Number(group), pid);
});

launches('fails with the exit code and the last lines of one that exits at once', async () => {
  const browser = await fakeBrowser('process.stderr.write("one\\ntwo\\nthe last");process.exit(3);');
  const error = await failureOf(launch(browser));
  assert.is(
    error.message,
    'Chrome exited at once (code 3). The last lines of its stderr: one | two | the last',
  );
  assert.is(error.stderrTail, 'one | two | the last');
});

launches('fails with the signal of one that is killed, without inventing last lines', async () => {
  const browser = await fakeBrowser('process.kill(process.pid, "SIGKILL");');
  assert.is((await failureOf(launch(browser))).message, 'Chrome exited at once (SIGKILL)');
});

launches('does not wait for one that hangs, and leaves nothing of it', async () => {
  const browser = await fakeBrowser(
    `const helper = spawn('/bin/sleep', ['100']);
     require('node:fs').writeFileSync(process.argv[1] + '.pids', [process.pid, helper.pid].join());
     setInterval(() => {}, 1000);`,
    { listens: false },
  );
  const error = await failureOf(launch(browser, { timeoutMs: 2_000 }));
  assert.is(error.message, 'Chrome did not answer within 2000 ms');
  const pids = (await readFile(`${browser.executable}.js.pids`, 'utf8')).split(',').map(Number);
  assert.is(pids.length, 2);
  for (const pid of pids) await untilGone(pid);
});

launches('says that it answered with an error, and ends it', async () => {
  const browser = await fakeBrowser(
    `methods['Browser.getVersion'] = () => ({ error: { message: 'not you' } });`,
  );
  const error = await failureOf(launch(browser));
  assert.is(error.message, 'Chrome refused the first question');
  assert.is((error.cause as Error).message, 'not you');
});

launches('takes one that closes its pipe for one that is about to say why', async () => {
  const browser = await fakeBrowser(
    `output.destroy(); setTimeout(() => { process.stderr.write('the reason'); process.exit(9); }, 50);`,
  );
  assert.match((await failureOf(launch(browser))).message, /^Chrome exited at once \(code 9\).*the reason$/);
});

launches('fails for a program that is not there, or is none', async () => {
  const browser = await fakeBrowser();
  const missing = await failureOf(launch({ ...browser, executable: path.join(browser.folder, 'none') }));
  assert.is(missing.message, 'Chrome could not be executed (ENOENT)');
  await chmod(browser.executable, 0o644);
  const plain = await failureOf(launch(browser));
  assert.is(plain.message, 'Chrome could not be executed (EACCES)');
});

launches('is given up before it begins, and while it waits', async () => {
  const stop = new AbortController();
  const browser = await fakeBrowser(`methods['Browser.getVersion'] = () => undefined;`);
  const waiting = failureOf(launch(browser, { signal: stop.signal }));
  stop.abort();
  assert.is((await waiting).message, 'The launch was given up');
  assert.is((await failureOf(launch(browser, { signal: stop.signal }))).message, 'The launch was given up');
});

launches('holds no credentials in what it says of a failure', async () => {
  const signed = 'https://bucket.example/x?X-Amz-Signature=0123456789abcdef';
  const browser = await fakeBrowser(`process.stderr.write(${JSON.stringify(signed)}); process.exit(1);`);
  const { message } = await failureOf(launch(browser));
  assert.match(message, 'bucket.example');
  assert.not.match(message, '0123456789abcdef');
});

launches.run();

const exits = suite('the exit of a browser');
exits.after.each(async () => {
  for (const browser of made.browsers.splice(0)) await browser.remove();
  made.chromes.splice(0);
});

exits('is told with its code and signal, its stderr read to the end', async () => {
  const { connection, exited, stderrTail } = await launch(await fakeBrowser());
  connection.call('Fake.crash').catch(() => undefined);
  assert.equal(await exited, { code: null, signal: 'SIGKILL' });
  assert.is(stderrTail.read(100), 'the last words');
});

exits('takes what is left of a crashed one with it', async () => {
  const { connection, exited } = await launch(
    await fakeBrowser(`methods['Fake.helper'] = () => ({ pid: spawn('/bin/sleep', ['100']).pid });`),
  );
  const { pid } = await connection.call('Fake.helper');
  connection.call('Fake.crash').catch(() => undefined);
  await exited;
  await untilGone(Number(pid));
});

exits('of a crashed one does not wait until the others have written what may be half of it', async () => {
  const browser = await fakeBrowser(
    `spawn('/bin/sh', ['-c', 'echo on >&2; sleep 0.5; echo half > half'], { stdio: ['ignore', 'ignore', 'inherit'] });`,
  );
  const { connection, exited, stderrTail } = await launch(browser);
  while (!stderrTail.read(100).includes('on')) await new Promise(setImmediate);
  connection.call('Fake.crash').catch(() => undefined);
  await exited;
  assert.not((await readdir(browser.folder)).includes('half'));
});

exits('of its own lets the others finish what they write, and waits for it', async () => {
  const browser = await fakeBrowser();
  const file = path.join(browser.folder, 'cookies');
  await writeFile(
    `${browser.executable}.js`,
    `${await readFile(`${browser.executable}.js`, 'utf8')}
     spawn('/bin/sh', ['-c', 'sleep 0.2; echo written > ${file}'], { stdio: ['ignore', 'ignore', 'inherit'] });`,
  );
  const { connection, exited } = await launch(browser);
  await connection.call('Browser.close');
  assert.equal(await exited, { code: 0, signal: null });
  assert.is(await readFile(file, 'utf8'), 'written\n');
});

exits('of its own does not wait for ever for a helper that stays', async () => {
  const { connection, exited } = await launch(
    await fakeBrowser(
      `const helper = spawn('/bin/sleep', ['100'], { stdio: ['ignore', 'ignore', 'inherit'] });
       methods['Fake.helper'] = () => ({ pid: helper.pid });`,
    ),
  );
  const { pid } = await connection.call('Fake.helper');
  await connection.call('Browser.close');
  assert.equal(await exited, { code: 0, signal: null });
  await untilGone(Number(pid));
});

exits('that nobody is left of is no fault to kill', () => {
  killGroup(undefined);
  // No process of Linux has such a number.
  killGroup(2 ** 30);
});

exits.run();
