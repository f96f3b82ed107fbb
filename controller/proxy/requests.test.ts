import type { IncomingMessage, ServerResponse } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from '../../core/log/logger.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { publicKeysOf } from '../../core/tokens/tokens.ts';
import type { Json } from '../chrome/connection.ts';
import { PROXY_LIMITS } from './limits.ts';
import { createRequestHandler, type RequestSource } from './requests.ts';

const requests = suite('what is no WebSocket');

const keySet = rotateKeySet(undefined, new Date());
const live = signToken(keySet, keySet.current, 'live', {
  sessionId: 's1',
  projectId: 'p1',
  expiresAt: new Date(Date.now() + 60_000),
});
const key = signToken(keySet, keySet.current, 'cdp', {
  sessionId: 's1',
  projectId: 'p1',
  expiresAt: new Date(Date.now() + 60_000),
});
const version = {
  protocolVersion: '1.3',
  product: 'Chrome/156.0.0.0',
  revision: '@abc',
  userAgent: 'Mozilla/5.0',
  jsVersion: '15.6',
};
const pages = { targetInfos: [{ targetId: 'A', type: 'page', title: 'a', url: 'about:blank' }] };

interface Setting {
  readonly method?: string;
  readonly remoteAddress?: string;
  readonly call?: (method: string) => Promise<Json>;
  readonly read?: RequestSource['frontend']['read'];
  readonly isHeldBack?: boolean;
  readonly isReady?: boolean;
  readonly isEnding?: boolean;
  readonly headers?: Record<string, string>;
}

/** What becomes of one request. */
async function ask(url: string, setting: Setting = {}) {
  const { method = 'GET', remoteAddress = '10.0.0.7', isReady = true, isEnding = false } = setting;
  const headers = { host: '10.0.0.1:9223', ...setting.headers };
  const answer = { status: 0, headers: {} as Record<string, string>, body: '', isCut: false, log: '' };
  const response = {
    headersSent: false,
    writeHead(status: number, headers: Record<string, string>) {
      Object.assign(answer, { status, headers });
      response.headersSent = true;
    },
    end: (body: string) => Object.assign(answer, { body: String(body) }),
    destroy: () => Object.assign(answer, { isCut: true }),
  };
  const chrome: RequestSource = {
    connection: {
      call: setting.call ?? (async () => pages),
      closeSession() {},
      isHeldBack: () => setting.isHeldBack ?? false,
    },
    frontend: { read: setting.read ?? (async () => null) },
    castHub: { findChoosers: async () => undefined },
  };
  const handle = createRequestHandler({
    access: () => ({
      publicKeys: publicKeysOf(keySet),
      sessionId: 's1',
      now: () => new Date(),
      probeKey: null,
      keepAlive: false,
    }),
    limits: { ...PROXY_LIMITS, chromeAnswerMs: 20 },
    logger: createLogger({}, (line) => {
      answer.log += line;
    }),
    metrics: { render: () => 'counted 1\n' },
    clock: createManualClock(),
    uploads: { take: async () => null, async discard() {} },
    onActivity() {},
    state: { chrome: isReady ? chrome : undefined, isEnding },
  });
  const request = { url, method, headers, socket: { remoteAddress } } as IncomingMessage;
  await handle(request, { ...response, req: request } as unknown as ServerResponse);
  return answer;
}
const refusalOf = async (url: string, setting?: Setting) => {
  const { status, body } = await ask(url, setting);
  return [status, JSON.parse(body).message];
};
const gone = () => Promise.reject(new Error('Chrome closed its pipe'));

requests('is healthy while Chrome answers', async () => {
  const { status, body, headers } = await ask('/health');
  assert.equal([status, body, headers['cache-control']], [200, '{"status":"ok"}', 'no-store']);
});

for (const [what, setting, message] of [
  ['before Chrome is there', { isReady: false }, 'The browser is not ready yet'],
  ['when the session ends', { isEnding: true }, 'The browser is not ready yet'],
  ['when Chrome hangs', { call: () => new Promise<Json>(() => {}) }, 'The browser does not answer'],
  ['when Chrome is gone', { call: gone }, 'The browser does not answer'],
] as const) {
  requests(`is not healthy ${what}`, async () => {
    assert.equal(await refusalOf('/health', setting), [503, message]);
  });
}

requests('is healthy while Chrome waits for its only client, behind which no answer comes', async () => {
  const call = async () => assert.unreachable('the answer would wait behind what is not read') as never;
  assert.is((await ask('/health', { isHeldBack: true, call })).status, 200);
});

requests('gives its metrics to this machine, and hides that there are any from others', async () => {
  for (const remoteAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
    const { status, body, headers } = await ask('/metrics', { remoteAddress, isReady: false });
    assert.equal([status, body], [200, 'counted 1\n']);
    assert.match(headers['content-type'] ?? '', 'text/plain; version=0.0.4');
  }
  for (const remoteAddress of ['10.0.0.7', '127.0.0.2', ''])
    assert.equal(await refusalOf('/metrics', { remoteAddress }), [404, 'There is nothing at this path']);
});

for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'CONNECT']) {
  requests(`does not serve ${method}, whatever the path`, async () => {
    for (const url of ['/health', '/metrics', `/live/${live}/json/list`])
      assert.equal(await refusalOf(url, { method }), [405, 'Only GET is served here']);
  });
}

for (const [method, url] of [
  ['PUT', '/uploads'],
  ['PUT', '/connect/uploads/a/b'],
  ['POST', '/uploads/a'],
] as const) {
  requests(`says where files go to, of ${method} ${url}`, async () => {
    const [status, message] = await refusalOf(url, { method });
    assert.is(status, 405);
    assert.match(message, 'uploaded by PUT to /uploads/<name>');
  });
}

requests('serves HEAD as it serves GET', async () => {
  assert.is((await ask('/health', { method: 'HEAD' })).status, 200);
});

for (const [what, url, setting, status, message] of [
  ['without a token', '/live/x/json/list', {}, 401, 'The token is missing, expired or not for this session'],
  ['that is over', `/live/${live}/json/list`, { isEnding: true }, 410, 'The session has ended'],
  ['that is not ready', `/live/${live}/json/list`, { isReady: false }, 503, 'The browser is not ready yet'],
  ['at another path', `/live/${live}/json/new`, {}, 404, 'There is nothing at this path'],
  ['of a file that Chrome has not', `/live/${live}/devtools/x.js`, {}, 404, 'There is nothing at this path'],
  ['whose Chrome is gone', `/live/${live}/json/list`, { call: gone }, 503, 'The browser does not answer'],
] as const) {
  requests(`refuses a live view ${what}, in the platform’s error shape`, async () => {
    const { status: answered, body, headers } = await ask(url, setting);
    const { error, ...rest } = JSON.parse(body);
    assert.equal([answered, rest], [status, { statusCode: status, message }]);
    assert.type(error, 'string');
    assert.is(headers['content-type'], 'application/json');
  });
}

requests('tells nobody without a token whether the session is ready or over', async () => {
  for (const setting of [{}, { isReady: false }, { isEnding: true }])
    assert.is((await ask('/live/x/json/list', setting)).status, 401);
});

requests('lists the pages for a token of the live view', async () => {
  const { status, body } = await ask(`/live/${live}/json/list`);
  assert.equal(
    [status, JSON.parse(body)],
    [200, [{ id: 'A', type: 'page', title: 'a', url: 'about:blank' }]],
  );
});

requests('answers as Chrome does where clients ask before they connect, with their own key', async () => {
  const call = async () => version;
  for (const path of ['/json/version', '/json/version/', '/connect/json/version/']) {
    const { status, body, headers } = await ask(`${path}?signingKey=${key}`, { call });
    assert.is(status, 200, path);
    assert.equal(JSON.parse(body), {
      Browser: 'Chrome/156.0.0.0',
      'Protocol-Version': '1.3',
      'User-Agent': 'Mozilla/5.0',
      'V8-Version': '15.6',
      'WebKit-Version': '537.36 (@abc)',
      webSocketDebuggerUrl: `ws://10.0.0.1:9223/devtools/browser/s1?signingKey=${key}`,
    });
    assert.equal([headers['cache-control'], headers['referrer-policy']], ['no-store', 'no-referrer']);
  }
  const appended = await ask(`/?signingKey=${key}/json/version/`, { call });
  assert.match(JSON.parse(appended.body).webSocketDebuggerUrl, new RegExp(`signingKey=${key}$`));
});

requests('names the URL by which the client has reached it', async () => {
  const headers = {
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'b.example',
    'x-forwarded-prefix': '/connect',
  };
  const { body } = await ask(`/json/list?signingKey=${key}`, { headers });
  assert.equal(JSON.parse(body), [
    {
      description: '',
      id: 'A',
      type: 'page',
      title: 'a',
      url: 'about:blank',
      webSocketDebuggerUrl: `wss://b.example/connect/devtools/page/A?signingKey=${key}`,
    },
  ]);
  const wrong = await refusalOf(`/json/list?signingKey=${key}`, { headers: { host: 'a/b' } });
  assert.equal(wrong, [400, 'Host or X-Forwarded-Host, -Proto, -Prefix are no address']);
});

requests('answers nobody without the key of the session, and says nothing of the key', async () => {
  for (const token of ['', 'x', live, `${key}x`]) {
    const { status, body, log } = await ask(`/json/version?signingKey=${token}`, { isReady: false });
    assert.is(status, 401);
    if (token !== '' && token !== 'x') assert.not.match(body + log, token);
  }
  for (const [setting, status] of [
    [{ isReady: false }, 503],
    [{ isEnding: true }, 410],
    [{ call: gone }, 503],
    [{ call: () => new Promise<Json>(() => {}) }, 503],
  ] as const) {
    const { status: answered, body, log } = await ask(`/json/version?signingKey=${key}`, setting);
    assert.is(answered, status);
    assert.not.match(body + log, key);
  }
});

for (const path of ['/json/new?about:blank', '/json/close/A', '/json/activate/A', '/json/protocol']) {
  requests(`says of ${path} that it is not served, whatever the method`, async () => {
    for (const method of ['GET', 'PUT'])
      assert.equal(await refusalOf(path, { method }), [
        501,
        'Over HTTP only /json/version and /json/list are served: send Target commands over the WebSocket',
      ]);
  });
}

requests('never logs the token of a request that failed', async () => {
  const { status, log } = await ask(`/live/${live}/json/list`, { call: gone });
  assert.is(status, 503);
  assert.match(log, 'a request failed');
  assert.not.match(log, live);
});

requests.run();
