import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startFakeChrome } from '../testing/fake-chrome.ts';
import { DownloadWatch, type FinishedDownload } from './watch-downloads.ts';

const FOLDER = '/session/downloads';
const SETTING = { behavior: 'allowAndName', downloadPath: FOLDER, eventsEnabled: true };
const watching = suite('what Chrome downloads');

/** A watch of a stand-in for Chrome, and what Chrome says in its session. */
async function watch() {
  const chrome = startFakeChrome();
  const downloads = new DownloadWatch(FOLDER);
  await downloads.watch(chrome.connection);
  const [sessionId] = chrome.sessions;
  const say = (method: string, params: object) => chrome.say({ method, params, sessionId });
  const settings = () =>
    chrome.commands
      .filter(({ method }) => method === 'Browser.setDownloadBehavior')
      .map(({ params }) => params);
  return { chrome, downloads, say, settings };
}

function listen(downloads: DownloadWatch) {
  const finished: FinishedDownload[] = [];
  const bytes: [string, number][] = [];
  const givenUp: [string, string][] = [];
  downloads.listen({
    onBytes: (id, count) => bytes.push([id, count]),
    onFinished: (download) => finished.push(download),
    onGivenUp: (id, filename) => givenUp.push([id, filename]),
  });
  return { finished, bytes, givenUp };
}

const settled = () => new Promise(setImmediate);

watching(
  'goes to the session’s folder, each file under its id, from the start and in each context that comes',
  async () => {
    const { chrome, say, settings } = await watch();
    assert.equal(settings(), [SETTING]);
    for (const browserContextId of ['A', 'A', 'B'])
      say('Target.targetCreated', { targetInfo: { browserContextId } });
    while (settings().length < 3) await settled();
    assert.equal(settings().slice(1), [
      { ...SETTING, browserContextId: 'A' },
      { ...SETTING, browserContextId: 'B' },
    ]);
    chrome.stop();
  },
);

watching('is told when it is whole, by its name and place, or given up', async () => {
  const { chrome, downloads, say } = await watch();
  const { finished, bytes, givenUp } = listen(downloads);
  const begin = (guid: string, suggestedFilename: string) =>
    say('Browser.downloadWillBegin', { guid, suggestedFilename });
  begin('1', 'a.pdf');
  begin('2', 'b.pdf');
  say('Browser.downloadProgress', { guid: '1', state: 'inProgress', receivedBytes: 5 });
  say('Browser.downloadProgress', { guid: '2', state: 'canceled' });
  say('Browser.downloadProgress', { guid: '1', state: 'completed' });
  say('Browser.downloadProgress', { guid: '3', state: 'completed' });
  while (finished.length === 0) await settled();
  await settled();
  assert.equal(finished, [{ id: '1', filename: 'a.pdf', path: `${FOLDER}/1` }]);
  assert.equal(bytes, [
    ['1', 0],
    ['2', 0],
    ['1', 5],
  ]);
  assert.equal(givenUp, [['2', 'b.pdf']]);
  chrome.stop();
});

watching('lies where Chrome says, if that is in the folder', async () => {
  const { chrome, downloads, say } = await watch();
  const { finished } = listen(downloads);
  for (const [guid, filePath] of [
    ['1', `${FOLDER}/named`],
    ['2', '/etc/passwd'],
    ['../3', `${FOLDER}/../x`],
  ]) {
    say('Browser.downloadWillBegin', { guid, suggestedFilename: 'x' });
    say('Browser.downloadProgress', { guid, state: 'completed', filePath });
  }
  while (finished.length < 3) await settled();
  assert.equal(
    finished.map(({ path }) => path),
    [`${FOLDER}/named`, `${FOLDER}/2`, `${FOLDER}/3`],
  );
  chrome.stop();
});

watching('waits for who listens, as in a container that waits for its session', async () => {
  const { chrome, downloads, say } = await watch();
  say('Browser.downloadWillBegin', { guid: '1', suggestedFilename: 'a' });
  say('Browser.downloadProgress', { guid: '1', state: 'completed' });
  await chrome.connection.call('Browser.getVersion');
  assert.equal(
    listen(downloads).finished.map(({ id }) => id),
    ['1'],
  );
  chrome.stop();
});

watching.run();
