import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ChromeGoneError, ChromeRefusedError } from '../chrome/connection.ts';
import { loadExtension } from './load-extension.ts';

const FOLDER = '/tmp/wc/s/extension';
const load = (answer: () => Promise<never>) =>
  loadExtension({ call: answer }, FOLDER, 5).catch((error: Error) => `${error.name}: ${error.message}`);

const loads = suite('loadExtension');

loads("says why in Chrome's words, without its own folder", async () => {
  const said = await load(() => Promise.reject(new ChromeRefusedError(`No icon in ${FOLDER}/i.png`)));
  assert.is(said, 'ExtensionNotLoadedError: Chrome says: No icon in /i.png');
});

loads('waits for no Chrome that does not answer', async () => {
  assert.is(
    await load(() => new Promise(() => {})),
    'ExtensionNotLoadedError: Chrome did not load it within 5 ms',
  );
});

loads('leaves a Chrome that is gone to who watches it', async () => {
  assert.match(await load(() => Promise.reject(new ChromeGoneError())), 'ChromeGoneError');
});

loads.run();
