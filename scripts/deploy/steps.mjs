/** One step after the other, each an external command; the first that fails ends it all. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';

/** A command that failed: what comes after it is not done. */
export class StepFailedError extends Error {
  name = 'StepFailedError';
}

/** Said no, or nobody there to say yes. */
export class NotConfirmedError extends Error {
  name = 'NotConfirmedError';
}

/** Runs a command to its end, its output to be seen; throws a StepFailedError unless its code is in `good`. Returns it. */
export async function run(step, command, args, good = [0]) {
  console.log(`\n== ${step}`);
  return finish(step, command, spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] }), good);
}

/** As `run`, with its standard output returned instead of shown. */
export async function capture(step, command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  await finish(step, command, child);
  return Buffer.concat(chunks).toString('utf8').trim();
}

/** Gives the output of one command to another, so that a secret is in no argument; throws unless both succeed. */
export async function pipe(step, [from, fromArgs], [to, toArgs]) {
  console.log(`\n== ${step}`);
  const source = spawn(from, fromArgs, { stdio: ['ignore', 'pipe', 'inherit'] });
  const sink = spawn(to, toArgs, { stdio: ['pipe', 'ignore', 'inherit'] });
  // One that ends without reading is told of by its exit code.
  sink.stdin.on('error', () => {});
  // What nobody reads any more would otherwise hold its writer, and this process with it, for ever.
  sink.stdin.once('close', () => source.stdout.destroy());
  source.stdout.pipe(sink.stdin);
  await Promise.all([finish(step, from, source), finish(step, to, sink)]);
}

function finish(step, command, child, good = [0]) {
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new StepFailedError(`${step}: ${why}; nothing after it was done`));
    child.once('error', (error) => fail(`${command} cannot be run (${error.code})`));
    child.once('close', (code, signal) =>
      good.includes(code) ? resolve(code) : fail(`${command} ended with ${signal ?? code}`),
    );
  });
}

/** Goes on only when the name of the environment is typed, or `isAgreed` already. */
export async function confirm(question, answer, isAgreed) {
  if (isAgreed) return;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // A closed input answers nothing, and Ctrl-C is no answer either.
  const closed = new Promise((resolve) => lines.once('close', () => resolve('')));
  const asked = lines.question(`\n${question} Type "${answer}" to go on: `).catch(() => '');
  const typed = await Promise.race([asked, closed]);
  lines.close();
  if (typed.trim() !== answer) throw new NotConfirmedError('Not confirmed: nothing was changed');
}

/** Runs `main` and turns what it throws into a message and an exit code: 2 for a mistake in the asking. */
export async function runMain(main) {
  // Ctrl-C reaches the running command as well, and Terraform needs time to let go of its lock.
  process.on('SIGINT', () => {});
  try {
    await main();
  } catch (error) {
    if (!['UsageError', 'StepFailedError', 'NotConfirmedError'].includes(error.name)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = error.name === 'UsageError' ? 2 : 1;
  }
}
