import { generateKeyPairSync } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConcurrencyExceededError } from '../../core/aws/projects/concurrency-slots.ts';
import type { Certificate } from '../../core/domain/certificate.ts';
import { parseSettings } from '../../core/domain/container-settings.ts';
import type { Context } from '../../core/domain/context.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Extension } from '../../core/domain/extension.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newWarmContainer } from '../../core/testing/new-warm-container.ts';
import { openProxies } from '../../core/tokens/seal-proxies.ts';
import { publicKeysOf } from '../../core/tokens/tokens.ts';
import { verifyToken } from '../../core/tokens/verify-token.ts';
import { createSession } from './create-session.ts';
import type { CreateSessionDeps } from './create-session-deps.ts';
import type { CreateSessionBody } from './create-session-request.ts';
import { keySet, NOW, workingDeps } from './testing/working-deps.ts';
import type { WarmPool } from './warm-pool.ts';

const CONTEXT_ID = '00000000-0000-4000-8000-00000000000c';
const project = {
  projectId: 'p',
  name: 'n',
  ownerId: 'o',
  createdAt: 't',
  updatedAt: 't',
  defaultTimeoutSeconds: 600,
  concurrency: 5,
  running: 0,
  browserMinutes: 0,
  proxyBytes: 0,
};

/** A platform in which everything works, and a record of what was asked of it. */
function platform(broken: Partial<CreateSessionDeps> = {}) {
  const calls: string[] = [];
  let stored: Session | undefined;
  let environment: Readonly<Record<string, string>> = {};
  const deps = workingDeps({
    newId: () => 'session-1',
    getProject: async () => project,
    admit: async (session) => {
      calls.push('admit');
      stored = session;
    },
    runTask: async (_id, env) => {
      calls.push('run');
      environment = env;
      return 'arn:task';
    },
    waitUntilReady: async () =>
      ({ ...stored, status: 'READY', startedAt: 't', address: { host: '10.0.0.5', port: 9223 } }) as Session,
    end: async (id, reason) => {
      calls.push(`end ${id} ${reason}`);
      return undefined;
    },
    stopTask: async (arn) => {
      calls.push(`stop ${arn}`);
    },
    ...broken,
  });
  return { create: createSession(deps), calls, stored: () => stored, environment: () => environment };
}

const request = (body: CreateSessionBody = {}): ApiRequest<CreateSessionBody> =>
  newRequest({ access: { projectId: 'p', projectIds: ['p'] }, body });

const failureOf = async (promise: Promise<unknown>): Promise<AppError> => {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, AppError);
    return error as AppError;
  }
  throw new Error('it did not fail');
};

const creating = suite('createSession');

creating('answers 201 with a connectUrl whose token opens this session until its deadline', async () => {
  const { create } = platform();
  const { status, body } = await create(request({ timeout: 60, userMetadata: { a: 'b' } }));
  const view = body as Record<string, string>;
  assert.is(status, 201);
  assert.is(view.status, 'RUNNING');
  assert.is(view.connectUrl, `ws://10.0.0.5:9223/?signingKey=${view.signingKey}`);
  const claims = verifyToken(publicKeysOf(keySet), view.signingKey ?? '', {
    audience: 'cdp',
    sessionId: 'session-1',
    now: new Date('2026-06-01T00:00:30Z'),
  });
  assert.is(claims.expiresAt.toISOString(), '2026-06-01T00:01:00.000Z');
});

creating('goes through the router where there is one', async () => {
  const { create } = platform({ publicConnectOrigin: 'wss://browsers.example/connect' });
  const { body } = await create(request());
  assert.match(
    (body as { connectUrl: string }).connectUrl,
    /^wss:\/\/browsers\.example\/connect\?signingKey=/,
  );
});

creating('gives the container its own token, public keys and where to call, and no private key', async () => {
  const { create, environment } = platform();
  await create(request({ browserSettings: { viewport: { width: 800, height: 0 } }, keepAlive: true }));
  const env = environment();
  assert.is(env.CONTAINER_API_URL, 'https://api.example/prod');
  assert.not.match(JSON.stringify(env), 'PRIVATE KEY');
  const settings = parseSettings(JSON.parse(env.SESSION_SETTINGS ?? ''));
  assert.is(settings.expiresAt, '2026-06-01T00:10:00.000Z');
  assert.is(settings.keepAlive, true);
  assert.equal(settings.viewport, { width: 800, height: 711 });
  const claims = verifyToken(publicKeysOf(keySet), env.CONTROLLER_TOKEN ?? '', {
    audience: 'controller',
    sessionId: 'session-1',
    now: new Date('2026-06-01T00:19:00Z'),
  });
  assert.is(claims.expiresAt.toISOString(), '2026-06-01T00:20:00.000Z', 'ten minutes after the deadline');
  // ECS takes 8,192 characters of overrides.
  assert.ok(JSON.stringify(env).length < 4096);
});

const CERTIFICATE_ID = '00000000-0000-4000-8000-00000000000c';
const EXTENSION_ID = '00000000-0000-4000-8000-00000000000e';
const naming = (...caCertificates: string[]) => ({ proxySettings: { caCertificates } });
const certificateOf =
  (projectId: string, notAfter = NOW) =>
  async (certificateId: string): Promise<Certificate> => ({
    certificateId,
    projectId,
    pem: 'p',
    notAfter: notAfter.toISOString(),
    createdAt: 't',
    updatedAt: 't',
  });

creating('starts nothing for a request that cannot succeed', async () => {
  const foreign = async (contextId: string): Promise<Context> => ({
    contextId,
    projectId: 'other',
    status: 'EMPTY',
    createdAt: 't',
    updatedAt: 't',
  });
  const theirs = async (extensionId: string): Promise<Extension> => ({
    extensionId,
    projectId: 'other',
    fileName: 'e.zip',
    sizeBytes: 1,
    createdAt: 't',
    updatedAt: 't',
  });
  for (const [broken, body, code] of [
    [{}, { projectId: 'other' }, 'PROJECT_FORBIDDEN'],
    [{ taskSizes: {} }, { browserSettings: { taskSize: 'large' } }, 'TASK_SIZE_NOT_OFFERED'],
    [{}, { browserSettings: { allowedDomains: ['a.example', 'https://b.example'] } }, 'BAD_REQUEST'],
    [{}, { proxies: [{ type: 'external', server: 'ftp://x' }] }, 'BAD_REQUEST'],
    [{}, { extensionId: 'x' }, 'EXTENSION_NOT_FOUND'],
    [{}, { browserSettings: { extensionId: EXTENSION_ID } }, 'EXTENSION_NOT_FOUND'],
    [{ getExtension: theirs }, { extensionId: EXTENSION_ID }, 'EXTENSION_NOT_FOUND'],
    [{}, { extensionId: 'x', browserSettings: { extensionId: 'y' } }, 'BAD_REQUEST'],
    [{}, naming(CERTIFICATE_ID), 'CERTIFICATE_NOT_FOUND'],
    [{}, naming('x'), 'CERTIFICATE_NOT_FOUND'],
    [{ getCertificate: certificateOf('other') }, naming(CERTIFICATE_ID), 'CERTIFICATE_NOT_FOUND'],
    [{ getCertificate: certificateOf('p', NOW) }, naming(CERTIFICATE_ID), 'BAD_REQUEST'],
    [{}, { userMetadata: { text: 'x'.repeat(512) } }, 'METADATA_TOO_LONG'],
    [{ getProject: async () => undefined }, {}, 'PROJECT_NOT_FOUND'],
    [{}, { browserSettings: { context: { id: CONTEXT_ID } } }, 'CONTEXT_NOT_FOUND'],
    [{ getContext: foreign }, { browserSettings: { context: { id: CONTEXT_ID } } }, 'CONTEXT_NOT_FOUND'],
  ] as const) {
    const { create, calls } = platform(broken);
    assert.is((await failureOf(create(request(body)))).code, code);
    assert.equal(calls, [], code);
  }
});

creating('has its container trust the certificates that it names, each once', async () => {
  const later = new Date(NOW.getTime() + 1);
  const { create, stored, environment } = platform({ getCertificate: certificateOf('p', later) });
  await create(request(naming(CERTIFICATE_ID, CERTIFICATE_ID)));
  assert.equal(stored()?.certificateIds, [CERTIFICATE_ID]);
  assert.equal(JSON.parse(environment().SESSION_SETTINGS ?? '').certificateIds, [CERTIFICATE_ID]);
});

creating(
  'keeps the proxies that it names under a seal, and tells its container only that there are some',
  async () => {
    const { create, stored, environment } = platform();
    const proxies = [
      { type: 'external', server: 'http://proxy.example:3128', username: 'user', password: 'hunter2' },
    ] as const;
    const { body } = await create(request({ proxies }));
    const seen = JSON.stringify([body, stored(), environment()]);
    for (const secret of ['hunter2', 'proxy.example', Buffer.from('hunter2').toString('base64url')])
      assert.not.match(seen, secret);
    assert.is(JSON.parse(environment().SESSION_SETTINGS ?? '').hasProxies, true);
    const sealed = stored()?.sealedProxies ?? '';
    const opened = await openProxies(sealed, keySet, { sessionId: 'session-1', tokenKeyId: keySet.current });
    assert.equal(
      opened.map(({ server }) => server?.password),
      ['hunter2'],
    );
  },
);

creating('has no proxies where it names none', async () => {
  const { create, stored, environment } = platform();
  for (const proxies of [undefined, false, [], [{ type: 'none' }]] as const) {
    await create(request(proxies === undefined ? {} : { proxies }));
    assert.not('sealedProxies' in (stored() ?? {}));
    assert.is(JSON.parse(environment().SESSION_SETTINGS ?? '').hasProxies, false);
  }
});

creating('says which certificate has expired', async () => {
  const { create } = platform({ getCertificate: certificateOf('p', NOW) });
  const { message } = await failureOf(create(request(naming(CERTIFICATE_ID))));
  assert.is(
    message,
    `body/proxySettings/caCertificates must not name ${CERTIFICATE_ID}, which expired at ${NOW.toISOString()}`,
  );
});

creating('runs the size that is asked for, and the task definition’s where none is', async () => {
  const large = { cpu: 2048, memory: 4096 };
  const sizes: unknown[] = [];
  const { create, stored } = platform({
    taskSizes: { large },
    runTask: async (_id, _environment, size) => {
      sizes.push(size);
      return 'arn:task';
    },
  });
  await create(request({ browserSettings: { taskSize: 'large' } }));
  assert.is(stored()?.taskSize, 'large');
  await create(request());
  assert.equal(sizes, [large, undefined]);
});

creating('in a size of its own takes no warm container, nor asks for more of them', async () => {
  const publicKey = JSON.stringify(generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }));
  const claimed: unknown[] = [];
  const demand: unknown[] = [];
  const warmPool: WarmPool = {
    list: async () => [newWarmContainer({ tokenKeyId: keySet.current, publicKey })],
    move: async () => assert.unreachable('it has no container to leave') as never,
    presignProfile: async () => assert.unreachable('it has no context') as never,
    presignExtension: async () => assert.unreachable('it has no extension') as never,
    send: async () => ({ status: 'restoring' }),
    recordFailure: async () => assert.unreachable(),
    recordCreate: async ({ isCold }) => void demand.push(isCold),
  };
  const { create, calls } = platform({
    warmPool,
    taskSizes: { large: { cpu: 2048, memory: 4096 } },
    admit: async (_session, _keyed, container) => void claimed.push(container?.slot),
    waitUntilReady: workingDeps().waitUntilReady,
  });
  await create(request({ browserSettings: { taskSize: 'large' } }));
  assert.equal([claimed, calls, demand], [[undefined], ['run'], []]);
  calls.length = 0;
  await create(request());
  assert.equal([claimed, calls, demand], [[undefined, 'w01'], [], [false]]);
});

creating('over the quota runs no task', async () => {
  const { create, calls } = platform({
    admit: async () => {
      throw new ConcurrencyExceededError({ concurrency: 5, running: 5 });
    },
  });
  assert.is((await failureOf(create(request()))).code, 'CONCURRENCY_EXCEEDED');
  assert.equal(calls, []);
});

creating('not ready in time: 503 that must not be retried, session ended, task stopped', async () => {
  const { create, calls } = platform({
    waitUntilReady: async () => ({ status: 'STARTING' }) as Session,
  });
  const error = await failureOf(create(request()));
  assert.is(error.code, 'START_TIMED_OUT');
  assert.equal(error.headers, { 'x-should-retry': 'false' });
  assert.equal(calls, ['admit', 'run', 'end session-1 start_timed_out', 'stop arn:task']);
});

creating('ended before it was ready: 503 that says why', async () => {
  const { create, calls } = platform({
    waitUntilReady: async () =>
      ({ status: 'FAILED', endReason: 'bad_archive', endDetail: 'a link in it' }) as Session,
  });
  const error = await failureOf(create(request()));
  assert.match(error.message, "could not be started: The context's archive was refused: a link in it");
  assert.equal(error.headers, { 'x-should-retry': 'false' });
  assert.ok(calls.includes('stop arn:task'));
});

creating('any other fault after the admission gives the slot back and hides the fault', async () => {
  const { create, calls } = platform({
    waitUntilReady: async () => {
      throw new Error('secret inner text');
    },
  });
  const error = await failureOf(create(request()));
  assert.not.match(error.message, 'secret inner text');
  assert.equal(error.headers, { 'x-should-retry': 'false' });
  assert.equal(calls, ['admit', 'run', 'end session-1 start_failed', 'stop arn:task']);
});

creating.run();
