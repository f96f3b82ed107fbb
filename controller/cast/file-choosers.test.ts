import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CastMessage } from '../../core/domain/cast-messages.ts';
import { ChromeRefusedError, type Json } from '../chrome/connection.ts';
import { FileChoosers, type ViewerFile } from './file-choosers.ts';
import type { FrameRef, PageFrames } from './page-frames.ts';

const ROOT: FrameRef = { frameId: 'P', cdpSessionId: 'root' };
const turns = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A page with somebody who may act in it. */
function setUp({ isClients = false, isFolder = false } = {}) {
  const asked: [method: string, params: unknown][] = [];
  const told: CastMessage[] = [];
  const discarded: string[] = [];
  let isFieldGone = false;
  const frames = {
    root: ROOT,
    remote: () => [],
    objectOf: async () => 'the field',
    async call(_frame: FrameRef, method: string, params: object) {
      asked.push([method, params]);
      if (method === 'DOM.setFileInputFiles' && isFieldGone) throw new ChromeRefusedError('gone');
      return { result: { value: { accept: '.txt', isFolder } } } as unknown as Json;
    },
  } as unknown as PageFrames;
  const choosers = new FileChoosers({
    frames,
    clientChoosers: { areTaken: () => isClients },
    uploads: {
      pathOf: ({ folder, name }) => `/files/${folder}/${name}`,
      discard: async ({ folder }) => void discarded.push(folder),
    },
    tellAll: (message) => void told.push(message),
    onFault: (error) => assert.unreachable(String(error)),
  });
  choosers.want(true);
  const open = async (mode = 'selectSingle') => {
    choosers.take(
      'Page.fileChooserOpened',
      { frameId: 'P', mode, backendNodeId: 7 } as unknown as Json,
      ROOT,
    );
    await turns();
    return told.findLast((message) => message.type === 'chooser')?.id ?? '';
  };
  const file = (folder: string): ViewerFile => ({ name: 'a', folder });
  const refusals: string[] = [];
  const watcher = {
    tell: (message: CastMessage) =>
      void refusals.push(message.type === 'refused' ? message.text : message.type),
  };
  const choose = (chooserId: string, ...fileIds: string[]) =>
    choosers.choose(watcher, { type: 'files', chooserId, fileIds });
  const given = () =>
    asked.filter(([method]) => method === 'DOM.setFileInputFiles').map(([, params]) => params);
  const types = () => told.map(({ type }) => type);
  return {
    choosers,
    asked,
    types,
    discarded,
    open,
    file,
    choose,
    given,
    refusals,
    loseField: () => {
      isFieldGone = true;
    },
  };
}

const t = suite('file choosers of a page');

t('give the page what has arrived and was chosen, and remove the rest', async () => {
  const { choosers, open, file, choose, given, discarded, types } = setUp();
  const id = await open();
  for (const folder of ['1', '2']) assert.ok(choosers.add(id, file(folder)));
  await choose(id, '2');
  assert.equal(given(), [{ files: ['/files/2/a'], backendNodeId: 7 }]);
  assert.equal([discarded, types()], [['1'], ['chooser', 'chooser-closed']]);
  assert.not(choosers.add(id, file('3')), 'it is closed');
});

t(
  'take no file that has not arrived, no more than are asked for, and none when they are closed',
  async () => {
    const { choosers, open, file, choose, given, refusals } = setUp();
    const id = await open();
    for (const folder of ['1', '2']) choosers.add(id, file(folder));
    await choose(id, '9');
    await choose(id, '1', '2');
    await choose('another', '1');
    assert.equal(refusals, [
      'A file that was chosen has not arrived',
      'The page asks for one file',
      'The page does not ask for a file any more',
    ]);
    assert.equal(given(), []);
  },
);

t('say when the field has gone, and keep nothing', async () => {
  const { choosers, open, file, choose, refusals, discarded, loseField } = setUp();
  const id = await open('selectMultiple');
  choosers.add(id, file('1'));
  loseField();
  await choose(id, '1');
  assert.equal([refusals, discarded], [['The field that asked for a file is not there any more'], ['1']]);
});

t('are cancelled in the page when nobody may answer any more, and close when it goes elsewhere', async () => {
  const { choosers, asked, open, file, types, discarded } = setUp();
  choosers.add(await open(), file('1'));
  choosers.want(false);
  assert.equal([types(), discarded], [['chooser', 'chooser-closed'], ['1']]);
  assert.match(JSON.stringify(asked.at(-1)), 'cancel');
  choosers.want(true);
  await open();
  choosers.take('Page.frameNavigated', { frame: { id: 'P' } } as unknown as Json, ROOT);
  assert.is(choosers.message, undefined);
});

t('are left to a client that takes them', async () => {
  const { open, types } = setUp({ isClients: true });
  await open();
  assert.equal(types(), []);
});

t.run();
