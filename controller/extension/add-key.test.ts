import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readManifest } from '../../core/extension-zip/read-manifest.ts';
import { addKey } from './add-key.ts';

const REST = '"manifest_version":3,"name":"{ x","version":"1.0"}';
const keyed = (text: string, id = 'e1') => addKey(readManifest(Buffer.from(text)), id);

const keys = suite('the key of an extension');

keys('is the same in each session, and another one for each extension', () => {
  const { key, name } = JSON.parse(keyed(`{${REST}`));
  assert.is(key.length, 44);
  assert.is(name, '{ x');
  assert.is(JSON.parse(keyed(`{${REST}`)).key, key);
  assert.is.not(JSON.parse(keyed(`{${REST}`, 'e2')).key, key);
});

keys('goes where the manifest begins, whatever stands before it', () => {
  assert.match(
    keyed(`// { not here\n/* { */\n{ ${REST}`),
    /^\/\/ \{ not here\n\/\* \{ \*\/\n\{"key":"[^"]+", "manifest/,
  );
});

keys('that is there stays, and so does the rest of the manifest', () => {
  const text = `{"key":"own",${REST}`;
  assert.is(keyed(text), text);
});

keys.run();
