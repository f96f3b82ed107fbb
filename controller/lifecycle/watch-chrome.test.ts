import { constants } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Chrome, ChromeExit } from '../chrome/launch.ts';
import { watchChrome } from './watch-chrome.ts';

/** What the session's end is told of a Chrome that exits so. */
async function after(exit: ChromeExit, { isDecided = false, outOfMemoryBy = 0 } = {}) {
  const decided: unknown[][] = [];
  const told: unknown[] = [];
  const stderr = 'a line of its stderr';
  const chrome = {
    exited: Promise.resolve(exit),
    stderrTail: { read: () => stderr },
    memory: { explains: (signal: number) => signal === outOfMemoryBy },
  } as unknown as Chrome;
  const end = { decide: (...given: unknown[]) => void decided.push(given), isDecided: () => isDecided };
  watchChrome(chrome, end, (type, data) => void told.push([type, data]));
  await new Promise(setImmediate);
  return { decided, told };
}

const t = suite('watchChrome');

t('takes exit code 0 for a browser that was closed, whose profile is whole', async () => {
  const { decided, told } = await after({ code: 0, signal: null } as ChromeExit);
  assert.equal(decided, [['browser_closed', 'Chrome exited with code 0']]);
  assert.equal(told, []);
});

for (const [exit, how] of [
  [{ code: 5, signal: null }, 'Chrome exited with code 5'],
  [{ code: null, signal: 'SIGSEGV' }, 'Chrome was killed by SIGSEGV'],
] as const) {
  t(`takes "${how}" for a crash, and says what Chrome said last`, async () => {
    const { decided, told } = await after(exit as ChromeExit);
    const detail = `${how}. The last lines of its stderr: a line of its stderr`;
    assert.equal(decided, [['browser_crashed', detail]]);
    assert.equal(told, [['browser.crashed', { detail }]]);
  });
}

t('tells of no crash where the session ends already: it is how Chrome was ended', async () => {
  assert.equal((await after({ code: null, signal: 'SIGKILL' }, { isDecided: true })).told, []);
});

t('tells a Chrome that was out of memory apart from one that crashed', async () => {
  const exit = { code: null, signal: 'SIGKILL' } as const;
  const { decided, told } = await after(exit, { outOfMemoryBy: constants.signals.SIGKILL });
  assert.is(decided[0]?.[0], 'out_of_memory');
  assert.equal(told, [], 'the platform tells of it');
  assert.is((await after(exit)).decided[0]?.[0], 'browser_crashed');
});

t.run();
