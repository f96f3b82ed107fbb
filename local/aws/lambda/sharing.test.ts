import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from '../../../core/log/logger.ts';
import { rejectionOf } from '../testing/serve-services.ts';
import type { FunctionError } from './errors.ts';
import { type Lambda, type LambdaOptions, startLambda } from './lambda.ts';

// The same bundle for all functions: what it does is in the event.
const BUNDLE = `
let invocations = 0;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const actions = {
  count: () => ++invocations,
  hold: async ({ holdMs }) => { await pause(holdMs); return ++invocations; },
  wait: async ({ file }) => { while (!require('node:fs').existsSync(file)) await pause(5); return ++invocations; },
  look: () => ({
    own: { ...process.env },
    required: { ...require('node:process').env },
    outside: { ...globalThis.process.env },
  }),
  change: () => { process.env.TABLE = 'changed'; process.env.NEW = 'new'; },
  print: async ({ text }) => { for (const part of text) { process.stdout.write(part); await pause(1); } },
  throw: () => new Promise(() => { setTimeout(() => { throw new RangeError('nobody catches it'); }, 20); }),
  reject: () => new Promise(() => { void pause(20).then(() => { throw new RangeError('nobody catches it'); }); }),
  later: () => { setTimeout(() => { throw new RangeError('after the answer'); }, 20); },
  exit: async () => { await pause(20); process.exit(3); },
  hang: () => new Promise(() => {}),
  loop: () => { for (;;); },
  endThread: () => globalThis.process.exit(4),
};
exports.handler = async (event) => actions[event.action](event);
`;

const folder = mkdtempSync(join(tmpdir(), 'lambda-sharing-'));
const bundlesDir = join(folder, 'bundles');
const writeBundle = (name: string, source: string) => {
  mkdirSync(join(bundlesDir, name), { recursive: true });
  writeFileSync(join(bundlesDir, name, 'index.js'), source);
  writeFileSync(join(bundlesDir, name, 'package.json'), '{"type":"commonjs"}');
};
const functionOf = (name: string, timeoutSeconds = 5) => {
  writeBundle(name, BUNDLE);
  const credentials = { accessKeyId: `id of ${name}`, secretAccessKey: `secret of ${name}` };
  return { timeoutSeconds, environment: { TABLE: `table of ${name}` }, credentials };
};
const functions = { one: functionOf('one'), two: functionOf('two'), brief: functionOf('brief', 0.2) };

const start = (extra: Partial<LambdaOptions> = {}): Lambda =>
  startLambda({
    bundlesDir,
    functions,
    baseEnvironment: {},
    logsDir: join(folder, 'logs'),
    logger: createLogger({}, () => undefined),
    ...extra,
  });
const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
};
const logOf = (name: string) => readFileSync(join(folder, 'logs', `${name}.log`), 'utf8');
/** A log is written beside the answers, and may be a moment behind them. */
const logged = (name: string, text: string) => until(() => logOf(name).includes(text));

let lambda: Lambda;
const t = suite('functions that share a thread');
t.before.each(() => {
  lambda = start();
});
t.after.each(() => lambda.close());
t.after(() => rmSync(folder, { recursive: true, force: true }));

t('share nothing of their modules', async () => {
  assert.equal(
    await Promise.all([lambda.invoke('one', { action: 'count' }), lambda.invoke('two', { action: 'count' })]),
    [1, 1],
  );
  const held = await Promise.all([1, 2, 3].map(() => lambda.invoke('two', { action: 'hold', holdMs: 200 })));
  assert.equal(held.sort(), [1, 1, 2], 'nor do environments of one function');
  assert.equal([lambda.environmentCount('two'), lambda.threadCount()], [3, 1]);
});

t('have a key and variables of their own, whichever way they ask', async () => {
  await lambda.invoke('one', { action: 'change' });
  for (const name of ['two', 'brief']) {
    const seen = (await lambda.invoke(name, { action: 'look' })) as Record<string, Record<string, string>>;
    const { TABLE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, NEW } = seen.own ?? {};
    assert.equal(
      [TABLE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, NEW],
      [`table of ${name}`, `id of ${name}`, `secret of ${name}`, undefined],
    );
    assert.equal(seen.required, seen.own);
    assert.equal(seen.outside, {});
  }
  assert.is(lambda.threadCount(), 1);
});

t('have what they print in their own logs, line by line, at the same time', async () => {
  await Promise.all(
    ['one', 'two'].map((name) =>
      lambda.invoke(name, { action: 'print', text: `first of ${name}\nlast of ${name}` }),
    ),
  );
  for (const name of ['one', 'two']) {
    await logged(name, `last of ${name}\n`);
    assert.match(logOf(name), new RegExp(`^first of ${name}\nlast of ${name}\n`, 'm'));
  }
  assert.not.match(logOf('one'), 'two');
});

const FAULTS: readonly (readonly [what: string, name: string, action: string, errorType: string])[] = [
  ['throws where nobody catches it', 'two', 'throw', 'RangeError'],
  ['rejects where nobody catches it', 'two', 'reject', 'RangeError'],
  ['exits', 'two', 'exit', 'Runtime.ExitError'],
  ['takes too long', 'brief', 'hang', 'Sandbox.Timedout'],
];
for (const [what, name, action, errorType] of FAULTS) {
  t(`do not notice that another one ${what}`, async () => {
    await lambda.invoke('one', { action: 'count' });
    const file = join(folder, action);
    const held = lambda.invoke('one', { action: 'wait', file });
    const failure = (await rejectionOf(lambda.invoke(name, { action }))) as FunctionError;
    assert.is(failure.errorType, errorType);
    assert.is(await lambda.invoke(name, { action: 'count' }), 1, 'which begins anew');
    assert.is(lambda.threadCount(), 2, 'elsewhere: what it has left behind may still be running');
    writeFileSync(file, '');
    assert.is(await held, 2);
    await until(() => lambda.threadCount() === 1);
    assert.is(await lambda.invoke('one', { action: 'count' }), 1);
  });
}

t(
  'are there again when another one has failed after its answer, the provisioned ones by themselves',
  async () => {
    await lambda.close();
    lambda = start({ provisioned: { one: 2 } });
    await lambda.warm();
    await lambda.invoke('two', { action: 'later' });
    await until(() => lambda.environmentCount('two') === 0);
    await until(() => lambda.environmentCount('one') === 2 && lambda.threadCount() === 1);
    await logged('two', 'after the answer');
    assert.is(await lambda.invoke('one', { action: 'count' }), 1);
  },
);

t('are served by another thread when one of them never yields', async () => {
  await lambda.invoke('one', { action: 'count' });
  const failure = (await rejectionOf(lambda.invoke('brief', { action: 'loop' }))) as FunctionError;
  assert.is(failure.errorType, 'Sandbox.Timedout');
  assert.is(await lambda.invoke('one', { action: 'count' }), 1);
  await until(() => lambda.threadCount() === 1);
});

t('fail together when their thread ends, and begin anew', async () => {
  await lambda.invoke('two', { action: 'count' });
  const held = rejectionOf(lambda.invoke('one', { action: 'hold', holdMs: 5_000 }));
  await until(() => lambda.environmentCount('one') === 1);
  await rejectionOf(lambda.invoke('two', { action: 'endThread' }));
  assert.is(((await held) as FunctionError).errorType, 'Runtime.ExitError');
  assert.is(await lambda.invoke('one', { action: 'count' }), 1);
});

t(
  'leave their thread when they are idle, the last one ends it, and no invocation is lost meanwhile',
  async () => {
    await lambda.close();
    lambda = start({ idleLimitMs: 20 });
    for (let round = 0; round < 30; round++) {
      assert.type(await lambda.invoke(round % 2 ? 'one' : 'two', { action: 'count' }), 'number');
      await new Promise((resolve) => setTimeout(resolve, 15 + (round % 10)));
    }
    await until(() => lambda.threadCount() === 0);
    assert.is(await lambda.invoke('one', { action: 'count' }), 1);
  },
);

t('get another thread when theirs is full', async () => {
  const all = Array.from({ length: 60 }, () => lambda.invoke('one', { action: 'hold', holdMs: 3_000 }));
  await until(() => lambda.threadCount() === 2);
  assert.equal(await Promise.all(all), Array(60).fill(1));
});

t('run the code of their bundle, not what an earlier start has compiled of another one', async () => {
  const answers: unknown[] = [];
  const compileCacheDir = join(folder, 'cache');
  for (const source of ['1', '1', '2']) {
    writeBundle('one', `exports.handler = async () => ${source};`);
    await lambda.close();
    lambda = start({ compileCacheDir });
    answers.push(await lambda.invoke('one', {}));
    // What V8 has compiled is kept after the answer, and before the next one.
    await lambda.invoke('one', {});
  }
  assert.equal(answers, [1, 1, 2]);
  assert.ok(readFileSync(join(compileCacheDir, 'one')).length > 100);
});

t.run();
