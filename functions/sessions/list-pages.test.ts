import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { failureOf } from '../../core/aws/testing/fake-client.ts';
import { listPages, PageListError } from './list-pages.ts';

/** Asks a container that `answer` plays. */
async function ask(answer: RequestListener) {
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url);
    answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoint = { httpOrigin: `http://${host}`, webSocketOrigin: `ws://${host}` };
  const asked = listPages(endpoint, 'the-token').then(
    (pages) => ({ pages, failure: undefined }),
    (failure: Error) => ({ pages: undefined, failure }),
  );
  const outcome = await asked;
  server.closeAllConnections();
  server.close();
  return { ...outcome, paths };
}

const answerJson =
  (body: unknown, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };

const pages = suite('listPages');

pages('asks the container for its list, with the token in the path', async () => {
  const listed = [{ id: 'A', url: 'about:blank', title: '' }];
  const outcome = await ask(answerJson(listed));
  assert.equal(outcome.pages, listed);
  assert.equal(outcome.paths, ['/live/the-token/json/list']);
});

pages('may be none', async () => {
  assert.equal((await ask(answerJson([]))).pages, []);
});

for (const status of [401, 404, 500, 503]) {
  pages(`fail when the container answers ${status}, also with a list`, async () => {
    const { failure } = await ask(answerJson([{ id: 'A', url: 'u', title: 't' }], status));
    assert.instance(failure, PageListError);
    assert.is(failure?.message, `The container answered ${status}`);
  });
}

for (const [what, body] of [
  ['an object', { id: 'A' }],
  ['null', null],
  ['a list with null in it', [null]],
  ['a list of texts', ['A']],
  ['a page without an id', [{ url: 'u', title: 't' }]],
  ['a page whose id is a number', [{ id: 1, url: 'u', title: 't' }]],
  ['a page without a title', [{ id: 'A', url: 'u' }]],
  ['a page whose URL is an object', [{ id: 'A', url: {}, title: 't' }]],
  ['a page whose icon is a number', [{ id: 'A', url: 'u', title: 't', faviconUrl: 7 }]],
] as const) {
  pages(`fail when the answer is ${what}: a container is not believed`, async () => {
    const { failure } = await ask(answerJson(body));
    assert.instance(failure, PageListError);
    assert.is(failure?.message, 'The container did not answer with a list of pages');
  });
}

pages('fail when the answer is no JSON', async () => {
  const { failure } = await ask((_request, response) => response.end('<html>'));
  assert.instance(failure, Error);
});

pages('are not looked for elsewhere: a container cannot send the platform to another address', async () => {
  let isReached = false;
  const { failure, paths } = await ask((request, response) => {
    if (request.url === '/elsewhere') isReached = true;
    response.writeHead(302, { location: '/elsewhere' });
    response.end();
  });
  assert.instance(failure, Error);
  assert.not(isReached);
  assert.is(paths.length, 1);
});

pages('fail when nobody listens, without the token in the failure', async () => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const endpoint = { httpOrigin: `http://127.0.0.1:${port}`, webSocketOrigin: '' };
  const failure = await failureOf(listPages(endpoint, 'the-token'));
  assert.match(String(failure.cause), 'ECONNREFUSED');
  assert.not.match(`${failure.stack} ${failure.cause}`, 'the-token');
});

pages.run();
