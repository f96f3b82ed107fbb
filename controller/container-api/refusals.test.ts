import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CallRefusedError, type ContainerApi, createContainerApi } from './container-api.ts';
import { RequestFailedError } from './http-request.ts';

const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzLTEifQ.c2lnbmF0dXJl';
const api = suite('what the container API answers');

/** Makes a call that is answered with this, and never again. */
async function answered<T>(
  status: number,
  body: string,
  call: (api: ContainerApi) => Promise<T>,
): Promise<T> {
  const server = http.createServer((request, response) => {
    request.resume();
    response.writeHead(status).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return await call(createContainerApi({ baseUrl, sessionId: 's-1', token: TOKEN }));
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

const ONE_TRY = { backoff: [] };
const CALLS: Readonly<Record<string, (api: ContainerApi) => Promise<unknown>>> = {
  ready: ({ reportReady }) => reportReady('on', ONE_TRY),
  heartbeat: ({ reportHeartbeat }) => reportHeartbeat(0, ONE_TRY),
  ended: ({ reportEnded }) => reportEnded({ reason: 'released' }, ONE_TRY),
  'profile-urls': ({ signProfileDownload }) => signProfileDownload(ONE_TRY),
};
const outcomeOf = (status: number, body: string, name: string): Promise<unknown> =>
  answered(status, body, CALLS[name] as (typeof CALLS)[string]).catch((error: unknown) => error);

for (const status of [401, 403, 404, 409, 410]) {
  api(`of ${status} tells a running session that it is over`, async () => {
    for (const name of ['ready', 'heartbeat'])
      assert.equal(await outcomeOf(status, '{"endReason":"idle"}', name), {
        isOver: true,
        endReason: 'idle',
        expiresAtMs: Number.NaN,
      });
  });

  api(`of ${status} is a refusal of a report of the end, and of a profile`, async () => {
    for (const name of ['ended', 'profile-urls']) {
      const error = await outcomeOf(status, '{"message":"no"}', name);
      assert.instance(error, CallRefusedError);
      assert.is((error as CallRefusedError).statusCode, status);
      assert.is((error as Error).message, `The container API answered ${status} to ${name}: no`);
    }
  });
}

for (const status of [400, 402, 405, 413, 422, 201, 302]) {
  api(`of ${status} is a refusal of every call`, async () => {
    for (const name of Object.keys(CALLS))
      assert.instance(await outcomeOf(status, '{}', name), CallRefusedError);
  });
}

for (const status of [408, 425, 429, 500, 502, 503, 504]) {
  api(`of ${status} is a failure, which another try may mend`, async () => {
    for (const name of Object.keys(CALLS)) {
      const error = await outcomeOf(status, '{"message":"later"}', name);
      assert.instance(error, RequestFailedError);
      assert.is((error as Error).message, `the container API answered ${status} to ${name}`);
    }
  });
}

for (const [what, body] of [
  ['nothing', ''],
  ['a page of HTML', '<html>a gateway</html>'],
  ['half of it', '{"status":"READY"'],
] as const) {
  api(`with ${what} for a body is a failure, too`, async () => {
    for (const name of Object.keys(CALLS)) {
      const error = await outcomeOf(200, body, name);
      assert.instance(error, RequestFailedError);
      assert.is((error as Error).message, `the container API's answer to ${name} is not JSON`);
    }
  });
}

for (const body of [
  'null',
  '7',
  '"READY"',
  '[]',
  '{}',
  '{"status":"SLEEPING","endReason":7,"expiresAt":0}',
]) {
  api(`with ${body} tells nothing, and ends no session`, async () => {
    assert.equal(await outcomeOf(200, body, 'heartbeat'), {
      isOver: false,
      endReason: null,
      expiresAtMs: Number.NaN,
    });
    assert.instance(await outcomeOf(200, body, 'profile-urls'), CallRefusedError);
  });
}

api('is never repeated with the token, whatever it says', async () => {
  for (const [status, body] of [
    [401, '{"message":"The token is not for this session"}'],
    [400, '{"message":{"token":"x"}}'],
    [500, TOKEN],
    [200, TOKEN],
  ] as const) {
    for (const name of Object.keys(CALLS)) {
      const outcome = await outcomeOf(status, body, name);
      const text = outcome instanceof Error ? `${outcome.message} ${outcome.stack}` : JSON.stringify(outcome);
      assert.not.match(text, TOKEN);
    }
  }
});

for (const status of ['TERMINATING', 'STOPPED', 'TIMED_OUT', 'FAILED'])
  api(`of a session that is ${status} tells it that it is over`, async () => {
    const view = await outcomeOf(200, JSON.stringify({ status }), 'heartbeat');
    assert.is((view as { isOver: boolean }).isOver, true);
  });

api.run();
