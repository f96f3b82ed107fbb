import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ChromeRefusedError } from '../chrome/connection.ts';
import { nameLoaded } from './name-loaded.ts';

const names = suite('the name of an extension that is loaded');
const named = (call: () => Promise<Record<string, unknown>>) => nameLoaded({ call }, 'abc');

names('is what Chrome shows, of this one and no other', async () => {
  const extensions = [
    { id: 'other', name: 'Other', version: '2.0' },
    { id: 'abc', name: 'Marks pages', version: '1.0', path: '/x' },
  ];
  assert.equal(await named(async () => ({ extensions })), { name: 'Marks pages', version: '1.0' });
});

names('is not there where Chrome does not say it', async () => {
  assert.equal(await named(() => Promise.reject(new ChromeRefusedError('no such method'))), {});
  assert.equal(await named(async () => ({ extensions: [] })), {});
});

names.run();
