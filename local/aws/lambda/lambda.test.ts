import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from '../../../core/log/logger.ts';
import { CREDENTIALS } from '../testing/serve-services.ts';
import { FunctionError, LambdaException } from './errors.ts';
import { type Lambda, type LambdaOptions, startLambda } from './lambda.ts';

// One bundle for every test: what it does is in the event.
const BUNDLE = `
let invocations = 0;
let running = 0;
const actions = {
  count: () => ({ invocations: ++invocations }),
  environment: () => ({ env: { ...process.env } }),
  context: (event, context) => ({ ...context, remainingMs: context.getRemainingTimeInMillis() }),
  overlap: async ({ holdMs = 20 }) => {
    running++;
    await new Promise((resolve) => setTimeout(resolve, holdMs));
    return { running: running--, invocations: ++invocations };
  },
  fail: () => { throw new RangeError('out of range'); },
  hang: () => new Promise(() => {}),
  exit: () => { console.error('last words'); process.exit(3); },
  crash: () => new Promise(() => { setTimeout(() => { throw new Error('uncaught'); }, 1); }),
  nothing: () => undefined,
  print: () => { console.log('one\\ntwo'); process.stdout.write('three'); },
  large: ({ bytes }) => 'x'.repeat(bytes),
};
exports.handler = async (event, context) => actions[event.action](event, context);
`;

const folder = mkdtempSync(join(tmpdir(), 'lambda-'));
const writeBundle = (name: string, source: string) => {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'index.js'), source);
  writeFileSync(join(folder, name, 'package.json'), '{"type":"commonjs"}');
};
writeBundle('plain', BUNDLE);
writeBundle('broken', `throw new SyntaxError('cannot be loaded');`);
writeBundle('empty', 'exports.other = 1;');

const FUNCTIONS = {
  plain: { timeoutSeconds: 5, environment: { TABLE: 'sessions' }, credentials: CREDENTIALS },
  impatient: { timeoutSeconds: 0.2, environment: {}, credentials: CREDENTIALS },
  broken: { timeoutSeconds: 5, environment: {}, credentials: CREDENTIALS },
  empty: { timeoutSeconds: 5, environment: {}, credentials: CREDENTIALS },
};
writeBundle('impatient', BUNDLE);

let lambda: Lambda;
const start = (extra: Partial<LambdaOptions> = {}): Lambda =>
  startLambda({
    bundlesDir: folder,
    functions: FUNCTIONS,
    baseEnvironment: { AWS_REGION: 'us-west-2' },
    logsDir: join(folder, 'logs'),
    logger: createLogger({}, () => undefined),
    ...extra,
  });

async function failureOf(promise: Promise<unknown>): Promise<FunctionError> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, FunctionError);
    return error as FunctionError;
  }
  throw new Error('the invocation did not fail');
}

const t = suite('lambda');
t.before.each(() => {
  lambda = start();
});
t.after.each(() => lambda.close());
t.after(() => rmSync(folder, { recursive: true, force: true }));

t('loads a bundle once and uses its environment again', async () => {
  assert.equal(await lambda.invoke('plain', { action: 'count' }), { invocations: 1 });
  assert.equal(await lambda.invoke('plain', { action: 'count' }), { invocations: 2 });
  assert.is(lambda.environmentCount('plain'), 1);
});

t('handles one invocation at a time in each environment and grows with the load', async () => {
  const overlap = (holdMs: number) => lambda.invoke('plain', { action: 'overlap', holdMs });
  const answers = await Promise.all(Array.from({ length: 4 }, () => overlap(500)));
  assert.equal(answers, Array(4).fill({ running: 1, invocations: 1 }));
  assert.is(lambda.environmentCount('plain'), 4);
});

t('does not start more environments than short invocations need', async () => {
  await lambda.invoke('plain', { action: 'count' });
  await Promise.all(Array.from({ length: 40 }, () => lambda.invoke('plain', { action: 'count' })));
  assert.ok(lambda.environmentCount('plain') <= 20);
});

t('lets an invocation wait while all environments are busy, and makes no more of them', async () => {
  await lambda.close();
  lambda = start({ maxEnvironments: 2 });
  const overlap = () => lambda.invoke('plain', { action: 'overlap', holdMs: 100 });
  const answers = (await Promise.all(Array.from({ length: 6 }, overlap))) as { running: number }[];
  assert.equal(new Set(answers.map(({ running }) => running)), new Set([1]));
  assert.is(lambda.environmentCount('plain'), 2);
});

t('refuses as Lambda does what would wait too long, and goes on', async () => {
  await lambda.close();
  lambda = start({ maxEnvironments: 2, busyWaitMs: 50 });
  const results = await Promise.allSettled(
    Array.from({ length: 3 }, () => lambda.invoke('plain', { action: 'overlap', holdMs: 2_000 })),
  );
  const refused = results.filter((result) => result.status === 'rejected');
  assert.is(refused.length, 1);
  assert.instance(refused[0]?.reason, LambdaException);
  assert.is(refused[0]?.reason.name, 'TooManyRequestsException');
  assert.equal(Object.keys((await lambda.invoke('plain', { action: 'count' })) as object), ['invocations']);
});

t('ends environments that stay idle, but not the provisioned ones', async () => {
  await lambda.close();
  lambda = start({ idleLimitMs: 500, provisioned: { plain: 1 } });
  await lambda.warm();
  assert.is(lambda.environmentCount('plain'), 1);
  await Promise.all(
    Array.from({ length: 3 }, () => lambda.invoke('plain', { action: 'overlap', holdMs: 500 })),
  );
  // On a busy machine the third one may come when the first is free again.
  assert.ok(lambda.environmentCount('plain') > 1);
  while (lambda.environmentCount('plain') > 1) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(Object.keys((await lambda.invoke('plain', { action: 'count' })) as object), ['invocations']);
});

t('gives a function its own environment and nothing of ours', async () => {
  const { env } = (await lambda.invoke('plain', { action: 'environment' })) as {
    env: Record<string, string>;
  };
  assert.is(env.TABLE, 'sessions');
  assert.is(env.AWS_REGION, 'us-west-2');
  assert.is(env.AWS_ACCESS_KEY_ID, CREDENTIALS.accessKeyId);
  assert.is(env.AWS_SECRET_ACCESS_KEY, CREDENTIALS.secretAccessKey);
  assert.is(env.AWS_LAMBDA_FUNCTION_NAME, 'plain');
  assert.is(env.PATH, undefined);
  assert.is(env.HOME, undefined);
});

t('passes a context', async () => {
  const context = (await lambda.invoke('plain', { action: 'context' })) as Record<string, unknown>;
  assert.is(context.functionName, 'plain');
  assert.match(String(context.awsRequestId), /^[\da-f-]{36}$/);
  assert.ok(Number(context.remainingMs) > 0 && Number(context.remainingMs) <= 5000);
});

t('answers null for nothing', async () => {
  assert.is(await lambda.invoke('plain', { action: 'nothing' }), null);
});

t('reports what the handler threw', async () => {
  const failure = await failureOf(lambda.invoke('plain', { action: 'fail' }));
  assert.is(failure.errorType, 'RangeError');
  assert.is(failure.errorMessage, 'out of range');
  assert.equal(await lambda.invoke('plain', { action: 'count' }), { invocations: 1 });
  assert.is(lambda.environmentCount('plain'), 1);
});

t('ends an invocation that takes too long, and its environment', async () => {
  const failure = await failureOf(lambda.invoke('impatient', { action: 'hang' }));
  assert.is(failure.errorType, 'Sandbox.Timedout');
  assert.match(failure.errorMessage, /^RequestId: \S+ Error: Task timed out after 0\.20 seconds$/);
  assert.equal(await lambda.invoke('impatient', { action: 'count' }), { invocations: 1 });
});

t('survives an environment that exits or crashes in an invocation', async () => {
  const exited = await failureOf(lambda.invoke('plain', { action: 'exit' }));
  assert.is(exited.errorType, 'Runtime.ExitError');
  assert.match(exited.errorMessage, 'Runtime exited with error: exit status 3');
  const crashed = await failureOf(lambda.invoke('plain', { action: 'crash' }));
  assert.equal([crashed.errorType, crashed.errorMessage], ['Error', 'uncaught']);
  assert.equal(await lambda.invoke('plain', { action: 'count' }), { invocations: 1 });
});

t('reports a bundle that cannot be loaded, each time anew', async () => {
  for (const _ of [1, 2]) {
    const failure = await failureOf(lambda.invoke('broken', {}));
    assert.equal([failure.errorType, failure.errorMessage], ['SyntaxError', 'cannot be loaded']);
  }
  assert.match((await failureOf(lambda.invoke('empty', {}))).errorMessage, 'exports no handler');
  assert.is(lambda.environmentCount('broken'), 0);
});

t('refuses an answer and an event over 6 MB, and a function that is not there', async () => {
  const failure = await failureOf(lambda.invoke('plain', { action: 'large', bytes: 6 * 1024 * 1024 }));
  assert.is(failure.errorType, 'Function.ResponseSizeTooLarge');
  const refusal = (promise: Promise<unknown>) =>
    promise.then(
      () => 'none',
      (error: Error) => error.name,
    );
  const event = { text: 'x'.repeat(6 * 1024 * 1024) };
  assert.is(await refusal(lambda.invoke('plain', event)), 'RequestTooLargeException');
  assert.is(await refusal(lambda.invoke('nothing', {})), 'ResourceNotFoundException');
});

t('writes what a function prints to its log', async () => {
  const path = join(folder, 'logs', 'plain.log');
  rmSync(path, { force: true });
  await lambda.close();
  lambda = start();
  await lambda.invoke('plain', { action: 'print' });
  await failureOf(lambda.invoke('plain', { action: 'exit' }));
  await lambda.close();
  const lines = readFileSync(path, 'utf8').split('\n');
  assert.equal(lines.slice(0, 2), ['one', 'two']);
  assert.ok(lines.includes('three') && lines.includes('last words'), lines.join());
});

t('fails what is under way when it is closed', async () => {
  await lambda.invoke('plain', { action: 'count' });
  const failure = failureOf(lambda.invoke('plain', { action: 'hang' }));
  await lambda.close();
  assert.is((await failure).errorType, 'Runtime.ExitError');
});

t.run();
