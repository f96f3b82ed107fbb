import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ChromeRefusedError } from '../chrome/connection.ts';
import { tellLoaded } from './tell-loaded.ts';

const loaded = suite('the event that an extension is loaded');

async function told(answer: () => Promise<Record<string, unknown>>) {
  const events: unknown[] = [];
  const emit = (type: string, data: object) => void events.push([type, data]);
  await tellLoaded({ call: answer }, { extensionId: 'e1', chromeId: 'abc' }, emit as never);
  return events;
}

loaded('has the name that Chrome shows, of this one and no other', async () => {
  const extensions = [
    { id: 'other', name: 'Other', version: '2.0' },
    { id: 'abc', name: 'Marks pages', version: '1.0' },
  ];
  assert.equal(await told(async () => ({ extensions })), [
    ['extension.loaded', { extensionId: 'e1', name: 'Marks pages', version: '1.0' }],
  ]);
});

loaded('comes without a name where Chrome does not say it', async () => {
  const without = [['extension.loaded', { extensionId: 'e1' }]];
  assert.equal(await told(() => Promise.reject(new ChromeRefusedError('no such method'))), without);
  assert.equal(await told(async () => ({ extensions: [] })), without);
});

loaded.run();
