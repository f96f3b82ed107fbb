import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Refusal, refuseRequest } from './refusal.ts';

const ENDED: Refusal = { status: 410, message: 'The session has ended: <b>&' };

async function refuse(headers: Record<string, string> = {}, method = 'GET') {
  const server = createServer((_request, response) => refuseRequest(response, ENDED)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const response = await fetch(url, { method, headers });
    return { response, text: await response.text() };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const refusals = suite('a refused request');

refusals('has the error shape of the API for programs', async () => {
  for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }]) {
    const { response, text } = await refuse(headers);
    assert.equal([response.status, response.headers.get('content-type')], [410, 'application/json']);
    assert.equal(JSON.parse(text), { statusCode: 410, error: 'Gone', message: ENDED.message });
  }
});

refusals('is a page with the sentence for a browser, which keeps nothing of it', async () => {
  const { response, text } = await refuse({ accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
  assert.is(response.status, 410);
  assert.is(response.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.equal(
    [response.headers.get('cache-control'), response.headers.get('referrer-policy')],
    ['no-store', 'no-referrer'],
  );
  assert.match(text, 'The session has ended: &lt;b&gt;&amp;');
  assert.not.match(text, '<b>');
});

refusals('that was no look at a page has no page', async () => {
  const { response } = await refuse({ accept: 'text/html' }, 'POST');
  assert.is(response.headers.get('content-type'), 'application/json');
});

refusals.run();
