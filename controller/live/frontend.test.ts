import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../../core/clock/system-clock.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { ChromeRefusedError } from '../chrome/connection.ts';
import { type FakeChrome, startFakeChrome } from '../testing/fake-chrome.ts';
import { Frontend } from './frontend.ts';

const frontends = suite('the DevTools frontend');
const methodsOf = (chrome: FakeChrome) => chrome.commands.map(({ method }) => method);

frontends('is read through one hidden target, which goes when nobody asks any more', async () => {
  const chrome = startFakeChrome();
  const frontend = new Frontend(chrome.connection, { idleMs: 20, answerMs: 5000, clock: systemClock });
  const [file, missing] = await Promise.all([frontend.read('inspector.html'), frontend.read('nothing.js')]);
  assert.equal([file?.contentType, file?.body.toString()], ['text/html', '<html>inspector</html>']);
  assert.is(missing, null);
  assert.equal(chrome.commands[0]?.params, {
    url: 'about:blank',
    hidden: true,
  });
  const opened = chrome.commands.find(({ method }) => method === 'Page.navigate');
  assert.equal(opened?.params, { url: 'devtools://devtools/bundled/device_mode_emulation_frame.html' });
  while (!methodsOf(chrome).includes('Target.closeTarget')) await new Promise(setImmediate);
  assert.is(methodsOf(chrome).filter((method) => method === 'Target.createTarget').length, 1);
  await frontend.read('inspector.html');
  assert.is(methodsOf(chrome).filter((method) => method === 'Target.createTarget').length, 2);
  frontend.stop();
  chrome.stop();
});

frontends('reads nothing but names', async () => {
  const chrome = startFakeChrome();
  const frontend = new Frontend(chrome.connection, { idleMs: 20, answerMs: 5000, clock: systemClock });
  for (const path of [
    '',
    '/etc/passwd',
    '../x',
    'a/../../remote/x',
    'a b',
    'x"+alert(1)+"',
    'x?y',
    'https://evil/',
  ])
    assert.is(await frontend.read(path), null, path);
  assert.equal(chrome.commands, []);
  chrome.stop();
});

for (const [failures, outcome] of [
  [1, 'text/html'],
  [2, 'Session with given id not found.'],
] as const) {
  frontends(`opens another target when a client closed the first one, once (${failures})`, async () => {
    const chrome = startFakeChrome();
    const { connection } = chrome;
    let left: number = failures;
    const broken = {
      ...connection,
      call: async (method: string, ...rest: [object?, string?]) => {
        if (method === 'Runtime.evaluate' && left-- > 0)
          throw new ChromeRefusedError('Session with given id not found.');
        return connection.call(method, ...rest);
      },
    };
    const frontend = new Frontend(broken, { idleMs: 1000, answerMs: 5000, clock: systemClock });
    const read = frontend.read('inspector.html').then((file) => file?.contentType);
    assert.is(await read.catch((error: Error) => error.message), outcome);
    frontend.stop();
    chrome.stop();
  });
}

frontends('opens another target when the first one was closed', async () => {
  const chrome = startFakeChrome();
  const { connection } = chrome;
  let failures = 2;
  const broken = {
    ...connection,
    call: async (method: string, ...rest: [object?, string?]) => {
      if (method === 'Runtime.evaluate' && failures-- > 0)
        throw new ChromeRefusedError('Session with given id not found.');
      return connection.call(method, ...rest);
    },
  };
  const frontend = new Frontend(broken, { idleMs: 1000, answerMs: 5000, clock: systemClock });
  const files = await Promise.all([frontend.read('inspector.html'), frontend.read('inspector.html')]);
  assert.not(files.includes(null));
  assert.is(methodsOf(chrome).filter((method) => method === 'Target.createTarget').length, 2);
  frontend.stop();
  chrome.stop();
});

for (const hangs of ['Runtime.evaluate', 'Page.navigate'])
  frontends(`gives up a target that does not answer ${hangs}, and closes it`, async () => {
    const chrome = startFakeChrome({ onCommand: () => undefined, hangs: [hangs] });
    const frontend = new Frontend(chrome.connection, { idleMs: 1000, answerMs: 20, clock: systemClock });
    const failed = await frontend.read('inspector.html').catch((error: Error) => error.message);
    assert.is(failed, 'Chrome did not read a file of its own frontend in time');
    while (!methodsOf(chrome).includes('Target.closeTarget')) await new Promise(setImmediate);
    assert.is(chrome.sessions.size, 0);
    frontend.stop();
    chrome.stop();
  });

frontends(
  'says of a file that Chrome fails to read that it is Chrome’s, not the reader’s fault',
  async () => {
    const chrome = startFakeChrome();
    const broken = {
      ...chrome.connection,
      call: (method: string, ...rest: [object?, string?]) =>
        method === 'Runtime.evaluate'
          ? Promise.resolve({ result: {}, exceptionDetails: { text: 'Uncaught' } })
          : chrome.connection.call(method, ...rest),
    };
    const frontend = new Frontend(broken, { idleMs: 1000, answerMs: 5000, clock: systemClock });
    const failed = await frontend.read('inspector.html').catch((error: Error) => error.message);
    assert.is(failed, 'Chrome could not read a file of its own frontend');
    frontend.stop();
    chrome.stop();
  },
);

frontends('has a type for a file to which Chrome gives none', async () => {
  const chrome = startFakeChrome();
  const typeless = {
    ...chrome.connection,
    call: (method: string, ...rest: [object?, string?]) =>
      method === 'Runtime.evaluate'
        ? Promise.resolve({ result: { value: [null, Buffer.from('ä').toString('base64')] } })
        : chrome.connection.call(method, ...rest),
  };
  const frontend = new Frontend(typeless, { idleMs: 1000, answerMs: 5000, clock: systemClock });
  assert.equal(await frontend.read('x.bin'), {
    contentType: 'application/octet-stream',
    body: Buffer.from('ä'),
  });
  frontend.stop();
  chrome.stop();
});

frontends('keeps its target while somebody reads, and counts idleness from the last file', async () => {
  const chrome = startFakeChrome();
  const clock = createManualClock();
  const frontend = new Frontend(chrome.connection, { idleMs: 1_000, answerMs: 5000, clock });
  await frontend.read('inspector.html');
  clock.advance(999);
  await frontend.read('inspector.html');
  clock.advance(999);
  assert.not(methodsOf(chrome).includes('Target.closeTarget'));
  clock.advance(1);
  while (!methodsOf(chrome).includes('Target.closeTarget')) await new Promise(setImmediate);
  assert.is(methodsOf(chrome).filter((method) => method === 'Target.createTarget').length, 1);
  await frontend.read('inspector.html');
  frontend.stop();
  assert.is(clock.pending(), 0, 'with the proxy it ends at once');
  chrome.stop();
});

frontends.run();
