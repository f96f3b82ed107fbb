import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Chrome, type ChromeExit, killGroup } from './launch.ts';
import { createStderrTail } from './stderr-tail.ts';
import { describeExit, type TerminateOptions, terminateChrome } from './terminate.ts';

const HOUR_MS = 3_600_000;
const ladder = suite('the ladder that ends Chrome');
const children: ChildProcess[] = [];
ladder.after.each(() => {
  for (const child of children.splice(0)) killGroup(child.pid);
});

/** A shell in the place of Chrome, that does `onClose` when Browser.close comes; `traps` is what it does on signals. */
async function startShell(traps: string, onClose: (child: ChildProcess) => void = () => {}) {
  const child = spawn('/bin/sh', ['-c', `${traps}; echo ready; while :; do sleep 0.01; done`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  const asked: string[] = [];
  const exited = new Promise<ChromeExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  const chrome: Chrome = {
    pid: child.pid as number,
    exited,
    stderrTail: createStderrTail(),
    memory: { explains: () => false },
    prepared: Promise.resolve(),
    connection: {
      call: async (method: string) => {
        asked.push(method);
        onClose(child);
        return {};
      },
    } as unknown as Chrome['connection'],
  };
  return { chrome, asked };
}

const end = (chrome: Chrome, options: Partial<TerminateOptions> = {}) =>
  terminateChrome(chrome, {
    closeMs: HOUR_MS,
    termMs: HOUR_MS,
    killNow: new AbortController().signal,
    ...options,
  });

ladder('asks, and waits for whoever goes', async () => {
  const { chrome, asked } = await startShell('trap "exit 0" USR1', (child) => child.kill('SIGUSR1'));
  assert.equal(await end(chrome), { code: 0, signal: null });
  assert.equal(asked, ['Browser.close']);
});

ladder('sends SIGTERM to one that does not hear it', async () => {
  const { chrome } = await startShell('trap "exit 7" TERM');
  assert.equal(await end(chrome, { closeMs: 10 }), { code: 7, signal: null });
});

ladder('kills one that does not hear that either', async () => {
  const { chrome } = await startShell('trap "" TERM');
  assert.equal(await end(chrome, { closeMs: 10, termMs: 10 }), { code: null, signal: 'SIGKILL' });
});

ladder('goes on when Chrome cannot be asked any more', async () => {
  const { chrome } = await startShell('trap "exit 0" TERM', () => {
    throw new Error('Chrome closed its pipe');
  });
  assert.equal(await end(chrome, { closeMs: 10 }), { code: 0, signal: null });
});

ladder('kills at once what is to be killed now', async () => {
  const { chrome, asked } = await startShell('trap "exit 0" TERM');
  assert.equal(await end(chrome, { killNow: AbortSignal.abort() }), { code: null, signal: 'SIGKILL' });
  assert.equal(asked, ['Browser.close']);
});

for (const [step, options] of [
  ['the answer to Browser.close', {}],
  ['the effect of SIGTERM', { closeMs: 10 }],
] as const) {
  ladder(`waits no longer for ${step} when somebody asks twice`, async () => {
    const { chrome } = await startShell('trap "" TERM');
    const twice = new AbortController();
    const ending = end(chrome, { ...options, killNow: twice.signal });
    setTimeout(() => twice.abort(), 50);
    assert.equal(await ending, { code: null, signal: 'SIGKILL' });
  });
}

ladder('leaves no listener and no timer behind', async () => {
  const { chrome } = await startShell('trap "exit 0" USR1', (child) => child.kill('SIGUSR1'));
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  await end(chrome);
  assert.is(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length, before);
});

ladder.run();

const words = suite('describeExit');

const chromeThatSaid = (text: string): Chrome => {
  const stderrTail = createStderrTail();
  stderrTail.add(text);
  return { stderrTail } as Chrome;
};

words('says the code or the signal, and what Chrome said last', () => {
  const chrome = chromeThatSaid('out of memory\n');
  const tail = '. The last lines of its stderr: out of memory';
  assert.is(describeExit({ code: 133, signal: null }, chrome), `Chrome exited with code 133${tail}`);
  assert.is(describeExit({ code: null, signal: 'SIGSEGV' }, chrome), `Chrome was killed by SIGSEGV${tail}`);
});

words('of a good end has no last lines, whatever Chrome always says', () => {
  assert.is(describeExit({ code: 0, signal: null }, chromeThatSaid('noise')), 'Chrome exited with code 0');
});

words('of one that said nothing has none either', () => {
  assert.is(describeExit({ code: 1, signal: null }, chromeThatSaid('')), 'Chrome exited with code 1');
});

words('keeps the end of what was said, where there is room for that only', () => {
  const text = describeExit({ code: 1, signal: null }, chromeThatSaid(`${'x'.repeat(290)}END\n`), 100);
  assert.match(text, /xEND$/);
  assert.ok(text.length < 150, `${text.length} characters`);
});

words.run();
