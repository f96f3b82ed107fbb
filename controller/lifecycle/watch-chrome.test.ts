import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Chrome, ChromeExit } from '../chrome/launch.ts';
import { watchChrome } from './watch-chrome.ts';

/** What the session's end is told of a Chrome that exits so. */
async function decisionAfter(exit: ChromeExit, stderr = 'a line of its stderr') {
  const decided: unknown[][] = [];
  const chrome = { exited: Promise.resolve(exit), stderrTail: { read: () => stderr } } as unknown as Chrome;
  watchChrome(chrome, { decide: (...given) => void decided.push(given) });
  await new Promise(setImmediate);
  return decided;
}

const t = suite('watchChrome');

t('takes exit code 0 for a browser that was closed, whose profile is whole', async () => {
  assert.equal(await decisionAfter({ code: 0, signal: null } as ChromeExit), [
    ['browser_closed', 'Chrome exited with code 0'],
  ]);
});

for (const [exit, how] of [
  [{ code: 5, signal: null }, 'Chrome exited with code 5'],
  [{ code: null, signal: 'SIGSEGV' }, 'Chrome was killed by SIGSEGV'],
] as const) {
  t(`takes "${how}" for a crash, and says what Chrome said last`, async () => {
    assert.equal(await decisionAfter(exit as ChromeExit), [
      ['browser_crashed', `${how}. The last lines of its stderr: a line of its stderr`],
    ]);
  });
}

t.run();
