import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { namesFiles, rewriteFiles } from './rewrite-files.ts';

const FILES: Readonly<Record<string, string>> = { 'a.txt': '/s/uploads/a.txt', 'ü.txt': '/s/uploads/ü.txt' };
const rewrite = (params: unknown, method = 'DOM.setFileInputFiles') =>
  rewriteFiles(method, params, (name) => (Object.hasOwn(FILES, name) ? FILES[name] : undefined));

const files = suite('files that a client names');

files('are those of its session, wherever they lie', () => {
  const params = { files: ['/tmp/.uploads/a.txt', '/tmp/.uploads/ü.txt'], backendNodeId: 7 };
  assert.equal(rewrite(params), {
    params: { files: ['/s/uploads/a.txt', '/s/uploads/ü.txt'], backendNodeId: 7 },
  });
});

files('are found by their name in either spelling', () => {
  assert.equal(rewrite({ files: ['/tmp/.uploads/u\u0308.txt'] }), {
    params: { files: ['/s/uploads/ü.txt'] },
  });
});

files('are found in a drag, too', () => {
  const data = { items: [], dragOperationsMask: 1 };
  assert.equal(
    rewrite(
      { type: 'drop', x: 1, data: { ...data, files: ['/tmp/.uploads/a.txt'] } },
      'Input.dispatchDragEvent',
    ),
    {
      params: { type: 'drop', x: 1, data: { ...data, files: ['/s/uploads/a.txt'] } },
    },
  );
  assert.ok(
    'refusal' in (rewrite({ data: { ...data, files: ['/etc/passwd'] } }, 'Input.dispatchDragEvent') ?? {}),
  );
});

for (const [what, file] of [
  ['a file of the container', '/etc/passwd'],
  ["the session's folder, by its own path", '/s/uploads/a.txt'],
  ['a path that leads out', '/tmp/.uploads/../../etc/passwd'],
  ['a path that leads out and back', '/tmp/.uploads/../.uploads/a.txt'],
  ['a folder below', '/tmp/.uploads/a/a.txt'],
  ['the folder itself', '/tmp/.uploads/'],
  ['dots', '/tmp/.uploads/..'],
  ['a backslash', '/tmp/.uploads/..\\a.txt'],
  ['a path without a root', 'a.txt'],
  ['a path without a root that leads out', '../../../etc/passwd'],
  ['a URL', 'file:///tmp/.uploads/a.txt'],
  ['another folder of this beginning', '/tmp/.uploadsX/a.txt'],
  ['nothing', ''],
  ['no text', { path: '/tmp/.uploads/a.txt' }],
] as const) {
  files(`are refused all when one is ${what}`, () => {
    assert.equal(rewrite({ files: ['/tmp/.uploads/a.txt', file] }), {
      refusal: {
        code: -32000,
        message: 'Only a file of this session can be chosen: upload it, and name it /tmp/.uploads/<name>',
      },
    });
  });
}

files('are refused by their name when nobody uploaded them', () => {
  assert.equal(rewrite({ files: ['/tmp/.uploads/b.txt'] }), {
    refusal: { code: -32000, message: 'No file was uploaded to this session as /tmp/.uploads/b.txt' },
  });
});

for (const params of [undefined, null, [], 'x', {}, { files: [] }, { files: '/etc/passwd' }]) {
  files(`are none in ${JSON.stringify(params)}: Chrome answers`, () => assert.is(rewrite(params), null));
}

files('are named by these commands and no others', () => {
  for (const method of ['DOM.setFileInputFiles', 'Input.dispatchDragEvent', 'PWA.launchFilesInApp']) {
    assert.ok(namesFiles(method));
  }
  for (const method of ['DOM.setFileInputFile', 'toString', undefined, 7]) assert.not(namesFiles(method));
});

files.run();
