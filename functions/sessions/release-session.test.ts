import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session, SessionStatus } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { NO_SPAN } from '../../core/tracing/tracing.ts';
import { releaseSession } from './release-session.ts';

const ID = '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11';

const session = (status: SessionStatus, extra: Partial<Session> = {}): Session => ({
  sessionId: ID,
  projectId: 'p',
  status,
  createdAt: 't',
  updatedAt: 't',
  expiresAt: 't',
  keepAlive: false,
  region: 'us-west-2',
  timeoutSeconds: 60,
  shard: '0',
  tokenKeyId: 'k',
  proxyBytes: 0,
  taskArn: 'arn:task',
  ...extra,
});

const request = (body = {}): ApiRequest<object> => ({
  requestId: 'r',
  route: 'GET /',
  access: { projectId: 'p', projectIds: ['p', 'q'] },
  body,
  query: {},
  pathId: ID,
  pathIds: {},
  headers: {},
  bodyText: '',
  caller: { hasLeft: () => false, onLeave: () => undefined },
  bearerToken: undefined,
  baseUrl: 'http://api',
  note: () => undefined,
  span: NO_SPAN,
});

function platform(found: Session | undefined, afterStep: Session | undefined = found) {
  const calls: string[] = [];
  const release = releaseSession({
    getSession: async () => found,
    recordRelease: async (id, reason) => {
      calls.push(`terminating ${id} ${reason}`);
      return afterStep?.status === 'TERMINATING'
        ? { applied: true, item: afterStep }
        : { applied: false, item: afterStep };
    },
    stopTask: async (arn) => {
      calls.push(`stop ${arn}`);
    },
  });
  return { release, calls };
}

const releasing = suite('releaseSession');

releasing('steps into TERMINATING and stops the task', async () => {
  const { release, calls } = platform(session('ACTIVE'), session('TERMINATING'));
  const { status, body } = await release(request());
  assert.is(status, 200);
  assert.is((body as { status: string }).status, 'RUNNING', 'until the profile is saved');
  assert.equal(calls, [`terminating ${ID} released`, 'stop arn:task']);
});

releasing('leaves a session alone that has ended', async () => {
  const { release, calls } = platform(session('FAILED'));
  const { body } = await release(request());
  assert.is((body as { status: string }).status, 'ERROR');
  assert.equal(calls, []);
});

releasing('does not stop a task of a session that ended in between', async () => {
  const { release, calls } = platform(session('ACTIVE'), session('STOPPED'));
  const { body } = await release(request());
  assert.is((body as { status: string }).status, 'COMPLETED');
  assert.equal(calls, [`terminating ${ID} released`]);
});

releasing('stops no task while the create has not recorded one', async () => {
  const { taskArn: _, ...untasked } = session('CREATING');
  const { release, calls } = platform(untasked, { ...untasked, status: 'TERMINATING' });
  await release(request());
  assert.equal(calls, [`terminating ${ID} released`]);
});

releasing('is 404 for a session of another project, also of one that the key opens', async () => {
  for (const body of [{}, { projectId: 'q' }]) {
    const projectId = body.projectId === 'q' ? 'p' : 'q';
    const { release, calls } = platform(session('ACTIVE', { projectId }));
    try {
      await release(request(body));
      assert.unreachable();
    } catch (error) {
      assert.is((error as { code?: string }).code, 'SESSION_NOT_FOUND');
    }
    assert.equal(calls, []);
  }
});

releasing('asked again asks the container again, and is no error', async () => {
  const ending = session('TERMINATING', { endReason: 'timed_out' });
  const calls: string[] = [];
  const release = releaseSession({
    getSession: async () => ending,
    recordRelease: async () => ({ applied: false, item: ending }),
    stopTask: async (arn, reason) => {
      calls.push(`stop ${arn} ${reason}`);
    },
  });
  assert.is((await release(request())).status, 200);
  assert.is((await release(request())).status, 200);
  assert.equal(calls, ['stop arn:task released', 'stop arn:task released']);
});

for (const status of ['STOPPED', 'FAILED', 'TIMED_OUT'] as const) {
  releasing(`of a session that is ${status} shows how it ended, and writes nothing`, async () => {
    const { release, calls } = platform(session(status, { endReason: 'idle', endDetail: 'd' }));
    const { body } = await release(request());
    const { endReason, endDetail } = body as { endReason?: string; endDetail?: string };
    assert.equal([endReason, endDetail, calls], ['idle', 'd', []]);
  });
}

releasing('stops the container of a session whose history is gone in the same moment', async () => {
  const calls: string[] = [];
  const release = releaseSession({
    getSession: async () => session('ACTIVE'),
    recordRelease: async () => ({ applied: false, item: undefined }),
    stopTask: async (arn) => {
      calls.push(`stop ${arn}`);
    },
  });
  assert.is((await release(request())).status, 200);
  assert.equal(calls, ['stop arn:task']);
});

releasing(
  'fails when the container could not be asked, and stays recorded: asking again is enough',
  async () => {
    const fault = new Error('ECS answered 500');
    let attempts = 0;
    const release = releaseSession({
      getSession: async () => session(attempts === 0 ? 'ACTIVE' : 'TERMINATING'),
      recordRelease: async () => ({ applied: attempts === 0, item: session('TERMINATING') }),
      stopTask: async () => {
        attempts += 1;
        if (attempts === 1) throw fault;
      },
    });
    assert.is(await release(request()).catch((error) => error), fault);
    assert.is((await release(request())).status, 200);
  },
);

releasing('asks no container to end for a release that could not be recorded', async () => {
  const fault = new Error('throttled');
  const release = releaseSession({
    getSession: async () => session('ACTIVE'),
    recordRelease: async () => {
      throw fault;
    },
    stopTask: async () => assert.unreachable('it was stopped without a reason'),
  });
  assert.is(await release(request()).catch((error) => error), fault);
});

releasing('is 403 for a project that the key does not open, before anything is read', async () => {
  const unused = async () => assert.unreachable('it was read') as never;
  const release = releaseSession({ getSession: unused, recordRelease: unused, stopTask: unused });
  const failure = await release(request({ projectId: 'r' })).catch((error) => error);
  assert.equal([failure.code, failure.status], ['PROJECT_FORBIDDEN', 403]);
});

releasing.run();
