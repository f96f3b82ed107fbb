import type { ServerResponse } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chromeWithPages } from '../testing/chrome-with-pages.ts';
import type { FrontendFile } from './frontend.ts';
import { type LiveRequest, serveLiveView } from './live-view.ts';

const view = suite('the live view');

const PAGES = [
  { title: 'one', url: 'http://one.example/' },
  { title: 'two', url: 'http://two.example/', icon: '/icon.png' },
];
const HTML: FrontendFile = { contentType: 'text/html', body: Buffer.from('<!doctype html><title>ä</title>') };
const SCRIPT: FrontendFile = { contentType: 'text/html', body: Buffer.from('export const x = "ä";') };

/** What the view answers; `asked` are the files that Chrome was asked for. */
async function serve(
  path: string,
  { pageId = null, file = HTML }: Partial<LiveRequest> & { file?: FrontendFile | null } = {},
) {
  const asked: string[] = [];
  const answer = { status: 0, headers: {} as Record<string, string | number>, body: Buffer.alloc(0), asked };
  const response = {
    req: { method: 'GET', headers: {} },
    writeHead: (status: number, headers: object) => Object.assign(answer, { status, headers }),
    end: (body: string | Buffer) => Object.assign(answer, { body: Buffer.from(body) }),
  };
  await serveLiveView({ path, pageId }, response as unknown as ServerResponse, {
    connection: chromeWithPages(PAGES),
    frontend: {
      async read(wanted) {
        asked.push(wanted);
        return file;
      },
    },
  });
  return answer;
}

view('lists the pages, for this reader and nobody’s cache', async () => {
  const { status, headers, body } = await serve('/json/list');
  assert.is(status, 200);
  assert.equal(JSON.parse(body.toString()), [
    { id: 'P0', type: 'page', title: 'one', url: 'http://one.example/' },
    {
      id: 'P1',
      type: 'page',
      title: 'two',
      url: 'http://two.example/',
      faviconUrl: 'http://two.example/icon.png',
    },
  ]);
  assert.equal([headers['content-type'], headers['cache-control']], ['application/json', 'no-store']);
});

view('lists only the page that its token is for', async () => {
  const listed = async (pageId: string) =>
    JSON.parse((await serve('/json/list', { pageId })).body.toString());
  assert.equal(
    (await listed('P1')).map(({ id }: { id: string }) => id),
    ['P1'],
  );
  assert.equal(await listed('P9'), []);
});

view(
  'serves a page of the frontend in an origin of its own, with the storage that it looks for',
  async () => {
    const { status, headers, body, asked } = await serve('/devtools/inspector.html');
    assert.equal([status, asked], [200, ['inspector.html']]);
    assert.is(headers['cache-control'], 'no-store');
    assert.match(String(headers['content-security-policy']), /^sandbox (?!.*allow-same-origin)/);
    assert.match(body.toString(), /^<!doctype html><script>.*<title>ä<\/title>$/s);
  },
);

view('serves every other file byte by byte, whatever type Chrome gives it', async () => {
  const { headers, body } = await serve('/devtools/core/x.js', { file: SCRIPT });
  assert.equal(body, SCRIPT.body);
  assert.equal([headers['content-type'], headers['content-length']], ['text/html', SCRIPT.body.length]);
  assert.is(headers['cache-control'], 'private, max-age=3600');
});

view('counts the length of what it serves, the storage included', async () => {
  const { headers, body } = await serve('/devtools/inspector.html');
  assert.is(headers['content-length'], body.length);
  assert.ok(body.length > HTML.body.length);
});

view('never lets its address, which holds a token, travel on', async () => {
  for (const path of ['/json/list', '/devtools/inspector.html', '/devtools/x.js']) {
    const { headers } = await serve(path);
    assert.equal(
      [headers['referrer-policy'], headers['x-content-type-options']],
      ['no-referrer', 'nosniff'],
      path,
    );
    assert.not.match(String(headers['cache-control']), 'public', path);
  }
});

view('has nothing else of Chrome, and does not ask it', async () => {
  for (const path of [
    '/',
    '/json',
    '/json/list/',
    '/json/version',
    '/json/close/P0',
    '/devtools',
    '/devtools/',
  ]) {
    const { status, body, asked } = await serve(path);
    assert.equal([status, asked], [404, []], path);
    assert.is(JSON.parse(body.toString()).message, 'There is nothing at this path');
  }
});

view('has no file that Chrome has not', async () => {
  const { status, asked } = await serve('/devtools/none.js', { file: null });
  assert.equal([status, asked], [404, ['none.js']]);
});

view.run();
