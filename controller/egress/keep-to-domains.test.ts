import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ChromeGoneError, ChromeRefusedError, type Json } from '../chrome/connection.ts';
import type { OwnEventListener } from '../chrome/own-messages.ts';
import { keepToDomains } from './keep-to-domains.ts';
import type { Refusal } from './refusals.ts';

const t = suite('pages that go to some domains alone');
const turn = () => new Promise(setImmediate);

/** A Chrome with one page, that refuses what `refuses` names. */
async function start({ refuses, fault }: { refuses?: string; fault?: Error } = {}) {
  const steps: string[] = [];
  const told: Refusal[] = [];
  const listeners = new Map<string, OwnEventListener>();
  const connection = {
    listen: (cdpSessionId: string, listener: OwnEventListener) => void listeners.set(cdpSessionId, listener),
    async call(method: string, params: object = {}, cdpSessionId = 'browser'): Promise<Json> {
      const { errorReason, targetId } = params as Json;
      steps.push([cdpSessionId, method, errorReason, targetId].filter(Boolean).join(' '));
      if (method === refuses) throw fault ?? new ChromeRefusedError('not now');
      if (method === 'Target.attachToBrowserTarget') return { sessionId: 'WATCHER' };
      if (method === 'Target.setAutoAttach') {
        assert.is((params as Json).waitForDebuggerOnStart, true);
        const attached = { sessionId: 'P1', targetInfo: { targetId: 'T1' } };
        listeners.get('WATCHER')?.('Target.attachedToTarget', attached);
      }
      return {};
    },
  };
  const keeping = keepToDomains({
    connection,
    domains: ['example.com'],
    onRefused: (refusal) => told.push(refusal),
  });
  return {
    steps,
    told,
    keeping,
    say: (cdpSessionId: string, method: string, params: Json) =>
      listeners.get(cdpSessionId)?.(method, params),
    async asks(url: string, frameId = 'T1') {
      const from = steps.length;
      listeners.get('P1')?.('Fetch.requestPaused', { requestId: 'R', frameId, request: { url } });
      await turn();
      return steps.slice(from);
    },
  };
}

const GOES = ['P1 Fetch.continueRequest'];
const STAYS = ['P1 Fetch.failRequest BlockedByClient'];

t('are looked at before they run', async () => {
  const { steps, keeping } = await start();
  await keeping;
  assert.equal(steps.slice(2), [
    'P1 Fetch.enable',
    'P1 Page.setPrerenderingAllowed',
    'P1 Runtime.runIfWaitingForDebugger',
  ]);
});

t('may be there, and below', async () => {
  const { asks, told, keeping } = await start();
  await keeping;
  for (const url of ['https://example.com/', 'http://a.b.example.com:8080/x', 'https://EXAMPLE.com./'])
    assert.equal(await asks(url), GOES, url);
  assert.equal(told, []);
});

t('are refused everywhere else, whatever the scheme', async () => {
  const { asks, told, keeping } = await start();
  await keeping;
  for (const url of [
    'https://example.org/',
    'http://[::1]:8080/',
    'https://example.com@evil.example/',
    'https://example.com.evil.example/',
    'file:///etc/passwd',
    'ftp://example.com/',
    'chrome://version/',
    'no url',
  ])
    assert.equal(await asks(url), STAYS, url);
  assert.equal(told.slice(0, 3), [
    { host: 'example.org', port: 443, reason: 'domain' },
    { host: '::1', port: 8080, reason: 'domain' },
    { host: 'evil.example', port: 443, reason: 'domain' },
  ]);
});

t('may show what is in a URL, and what is in their frames is their own affair', async () => {
  const { asks, keeping } = await start();
  await keeping;
  for (const url of [
    'about:blank',
    'data:text/html,x',
    'blob:https://example.com/1',
    'chrome-extension://a/b',
  ])
    assert.equal(await asks(url), GOES, url);
  assert.equal(await asks('https://frame.example/', 'F2'), GOES);
});

t('are closed where they cannot be looked at, and do not go on', async () => {
  for (const refuses of ['Fetch.enable', 'Page.setPrerenderingAllowed']) {
    const { steps, keeping } = await start({ refuses });
    await keeping;
    assert.is(steps.at(-1), 'browser Target.closeTarget T1');
    assert.not(steps.includes('P1 Runtime.runIfWaitingForDebugger'));
  }
});

t('are closed when they are not looked at any more', async () => {
  const { steps, say, keeping } = await start();
  await keeping;
  say('WATCHER', 'Target.detachedFromTarget', { sessionId: 'P1' });
  await turn();
  assert.is(steps.at(-1), 'browser Target.closeTarget T1');
});

t('may be gone already', async () => {
  const { keeping } = await start({ refuses: 'Fetch.enable', fault: new ChromeGoneError() });
  await keeping;
});

t('that fail by a fault of ours are not passed over', async () => {
  const { keeping } = await start({ refuses: 'Fetch.enable', fault: new TypeError('a fault') });
  assert.is(await keeping.catch((error: Error) => error.message), 'a fault');
});

t.run();
