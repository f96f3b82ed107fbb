/** A create where warm containers wait: who takes the session, and what becomes of it when none does. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConcurrencyExceededError } from '../../core/aws/projects/concurrency-slots.ts';
import { ContainerTakenError, CreateTakenError } from '../../core/aws/sessions/admit-session.ts';
import type { Context } from '../../core/domain/context.ts';
import type { Session } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { publicKeysOf } from '../../core/tokens/tokens.ts';
import { verifyToken } from '../../core/tokens/verify-token.ts';
import { createWarmPlatform, notTaken, READY, type Reaction } from './testing/warm-platform.ts';
import { keySet, NOW } from './testing/working-deps.ts';

const CONTEXT_ID = '00000000-0000-4000-8000-00000000000c';
const REFUSES = notTaken('HTTP 500');
const sorted = (calls: readonly string[]) => calls.filter((call) => !/create/.test(call));

const warm = suite('a create with a warm container');

warm('has it at once: one claim, one write that it is READY and answered', async () => {
  const { create, calls, sessions, pool } = await createWarmPlatform({ reactions: [READY] });
  const { status, body } = await create();
  assert.is(status, 201);
  assert.match((body as { connectUrl: string }).connectUrl, /^ws:\/\/10\.0\.0\.1:9223\//);
  assert.equal(calls, ['admit w01', 'claim w01', 'create']);
  const session = sessions.get('s1');
  const at = NOW.toISOString();
  assert.equal(
    [
      session?.status,
      session?.startedAt,
      session?.containerReadyAt,
      session?.lastHeartbeatAt,
      session?.answeredAt,
    ],
    ['READY', at, at, at, at],
  );
  assert.is(pool.size, 0);
});

warm(
  'tells the container its session, its settings and a token that is bound to it, and nobody else',
  async () => {
    const { create, seen, log } = await createWarmPlatform({ reactions: [READY] });
    await create({ timeout: 60, browserSettings: { viewport: { width: 800, height: 600 } } });
    const [{ claims, assignment, origin, sealed } = assert.unreachable() as never] = seen;
    assert.equal([claims.sessionId, claims.address, origin], ['s1', '10.0.0.1:9223', 'http://10.0.0.1:9223']);
    assert.is(claims.expiresAt.getTime() - NOW.getTime(), 30_000);
    assert.equal([assignment.settings.viewport, assignment.profileUrl], [{ width: 800, height: 600 }, null]);
    const own = verifyToken(publicKeysOf(keySet), assignment.token, {
      audience: 'controller',
      sessionId: 's1',
      now: NOW,
    });
    assert.is(own.warmId, claims.warmId);
    for (const secret of [sealed, assignment.token]) assert.not.match(log.text(), secret);
  },
);

warm('goes through the router where there is one, by a path that its firewall lets through', async () => {
  const { create, seen } = await createWarmPlatform({
    reactions: [READY],
    changes: { publicConnectOrigin: 'wss://browsers.example/connect' },
  });
  await create();
  assert.is(seen[0]?.origin, 'https://browsers.example/connect');
  // AWS's rule SizeRestrictions_URIPATH.
  assert.ok(`/connect/claim/${seen[0]?.token}`.length < 1_024);
});

warm('is told where its profile is, and is ready when it says so itself', async () => {
  const context: Context = {
    contextId: CONTEXT_ID,
    projectId: 'p1',
    status: 'SAVED',
    createdAt: 't',
    updatedAt: 't',
  };
  const platform = await createWarmPlatform({
    reactions: [() => ({ status: 'restoring' })],
    contexts: [context],
    changes: {
      waitUntilReady: async ({ sessionId }) => {
        platform.step(sessionId, { to: 'READY', set: { startedAt: 't' }, at: NOW });
        return platform.sessions.get(sessionId);
      },
    },
  });
  const { status } = await platform.create({ browserSettings: { context: { id: CONTEXT_ID } } });
  assert.is(status, 201);
  assert.match(
    platform.seen[0]?.assignment.profileUrl ?? '',
    `https://bucket/p1/${CONTEXT_ID}/profile.tar.gz?`,
  );
  assert.equal(
    [platform.sessions.get('s1')?.startedAt, platform.sessions.get('s1')?.answeredAt],
    ['t', NOW.toISOString()],
  );
});

warm('says in the log how it started', async () => {
  const { create, log } = await createWarmPlatform({ reactions: [READY] });
  await create();
  const { outcome, durationMs, sessionId } = log.lines().find(({ event }) => event === 'pool.claim') ?? {};
  assert.equal([outcome, durationMs, sessionId], ['taken', 0, 's1']);
});

warm('of ten at once have ten containers, and the eleventh starts its own', async () => {
  const platform = await createWarmPlatform({ reactions: Array.from({ length: 9 }, () => READY) });
  await Promise.all(Array.from({ length: 10 }, () => platform.create()));
  const claimed = [...platform.sessions.values()].map(({ warmId }) => warmId);
  assert.is(new Set(claimed).size, 10, 'nine, and one that has none');
  assert.is(platform.calls.filter((call) => call === 'run').length, 1);
});

for (const [what, rows] of [
  ['still starts', { status: 'STARTING' }],
  ['has come to its age', { expiresAt: NOW.toISOString() }],
  ['knows only a key that is gone', { tokenKeyId: 'gone' }],
] as const) {
  warm(`passes by one that ${what}`, async () => {
    const { create, calls, pool } = await createWarmPlatform({ reactions: [READY], rows });
    await create();
    assert.equal(sorted(calls), ['admit cold', 'run']);
    assert.is(pool.size, 1);
  });
}

warm('over the quota leaves it where it is', async () => {
  const platform = await createWarmPlatform({
    reactions: [READY],
    changes: {
      admit: async () => {
        throw new ConcurrencyExceededError({ concurrency: 1, running: 1 });
      },
    },
  });
  assert.is((await appErrorOf(platform.create())).code, 'CONCURRENCY_EXCEEDED');
  assert.equal([platform.calls, platform.pool.size], [[], 1]);
});

warm('is not slower, and does not fail, for a pool that cannot be read or written', async () => {
  const platform = await createWarmPlatform({ reactions: [] });
  const broken = async (): Promise<never> => {
    throw new Error('throttled');
  };
  Object.assign(platform.deps.warmPool ?? {}, { list: broken, recordCreate: broken });
  assert.is((await platform.create()).status, 201);
  assert.equal(platform.calls, ['admit cold', 'run']);
});

warm.run();

// ---

const dead = suite('a claim that is not taken');

dead('stops that container, and the session goes to the next', async () => {
  const { create, calls, sessions, log } = await createWarmPlatform({ reactions: [REFUSES, READY] });
  let { status } = await create();
  while (!calls.includes('claim w01')) status = (await create()).status;
  assert.is(status, 201);
  assert.ok(calls.includes('stop arn:w01'));
  assert.not(calls.includes('stop arn:w02'));
  assert.match(log.text(), 'HTTP 500');
  assert.ok([...sessions.values()].every(({ status: now }) => now === 'READY'));
});

dead('starts a container when no other is there, and nothing is left of the first', async () => {
  const { create, calls, sessions } = await createWarmPlatform({ reactions: [REFUSES] });
  const { body } = await create();
  assert.match((body as { connectUrl: string }).connectUrl, '10.1.1.1');
  assert.equal(sorted(calls), ['admit w01', 'claim w01', 'stop arn:w01', 'run']);
  const { warmId, taskArn } = sessions.get('s1') ?? {};
  assert.equal([warmId, taskArn], [undefined, 'arn:cold']);
});

dead('is tried with three, and no more', async () => {
  const { create, calls, pool, failures } = await createWarmPlatform({
    reactions: [REFUSES, REFUSES, REFUSES, REFUSES],
  });
  assert.is((await create()).status, 201);
  const count = (word: string) => calls.filter((call) => call.startsWith(word)).length;
  assert.equal([count('claim'), count('stop'), count('run'), pool.size], [3, 3, 1, 1]);
  assert.equal(failures, [NOW, NOW, NOW], 'the keeper does not fill the pool as fast as it is emptied so');
});

dead('of a container whose key cannot be used is none that is sent', async () => {
  const { create, calls, log } = await createWarmPlatform({
    reactions: [READY],
    rows: { publicKey: '{"kty":"x"}' },
  });
  assert.is((await create()).status, 201);
  assert.equal(sorted(calls), ['admit w01', 'stop arn:w01', 'run']);
  assert.match(log.text(), 'it could not be sealed');
});

dead(
  'leaves alone a container whose answer was lost, and with which the session is READY by now',
  async () => {
    const restoresAtOnce: Reaction = () => {
      platform.step('s1', { to: 'READY', set: { startedAt: 't' }, at: NOW });
      return notTaken('no answer within 3000 ms')();
    };
    const platform = await createWarmPlatform({ reactions: [restoresAtOnce, restoresAtOnce] });
    assert.is((await platform.create()).status, 201);
    assert.is(platform.calls.filter((call) => /^(stop|move|run|end)/.test(call)).length, 0);
    assert.equal(platform.failures, []);
    assert.is(platform.pool.size, 1);
  },
);

dead('does not fail for a container that cannot be stopped', async () => {
  const platform = await createWarmPlatform({
    reactions: [REFUSES],
    changes: {
      stopTask: async () => {
        throw new Error('ECS answered 500');
      },
    },
  });
  assert.is((await platform.create()).status, 201);
  assert.match(platform.log.text(), 'left to the sweeper');
});

dead('goes to the next when the platform’s other creates take them meanwhile', async () => {
  const platform = await createWarmPlatform({
    reactions: [
      () => {
        platform.pool.clear();
        return REFUSES();
      },
      () => {
        platform.pool.clear();
        return REFUSES();
      },
    ],
  });
  assert.is((await platform.create()).status, 201);
  assert.equal(sorted(platform.calls).at(-1), 'run');
});

dead.run();

// ---

const meanwhile = suite('while a claim is under way');

/** Something happens to the session while its container is asked. */
async function during(change: (session: Session) => Partial<Session>, after: Reaction) {
  const platform = await createWarmPlatform({
    reactions: [
      (assignment) => {
        const session = platform.sessions.get('s1') as Session;
        platform.sessions.set('s1', { ...session, ...change(session) });
        return after(assignment);
      },
      READY,
    ],
    changes: { newId: () => 's1' },
  });
  // Only the first is there when the session is admitted.
  const [, second] = [...platform.pool.values()];
  platform.pool.delete(second?.warmId ?? '');
  return { platform, second };
}

for (const [what, after] of [
  ['is taken', READY],
  ['is not taken', REFUSES],
] as const) {
  meanwhile(`a release ends the session and its container, though the claim ${what}`, async () => {
    const { platform } = await during(() => ({ status: 'TERMINATING', endReason: 'released' }), after);
    const error = await appErrorOf(platform.create());
    assert.match(error.message, 'The session was released');
    assert.ok(platform.calls.includes('stop arn:w01'));
    assert.not(platform.calls.includes('run'));
    assert.is(platform.sessions.get('s1')?.endReason, 'released');
  });
}

meanwhile(
  'a retry takes the session over: it is READY for it, and this create has not answered',
  async () => {
    const { platform } = await during(() => ({ attemptId: 'retry' }), READY);
    await platform.create();
    const { status, answeredAt, attemptId } = platform.sessions.get('s1') ?? {};
    assert.equal([status, answeredAt, attemptId], ['READY', undefined, 'retry']);
  },
);

meanwhile(
  'a retry that took the session over still gets a container when the claim is not taken',
  async () => {
    const { platform } = await during(() => ({ attemptId: 'retry' }), REFUSES);
    await platform.create();
    const { status, taskArn, attemptId } = platform.sessions.get('s1') ?? {};
    assert.equal([status, taskArn, attemptId], ['READY', 'arn:cold', 'retry']);
  },
);

meanwhile('another create with the same key or id is not admitted: nothing is claimed for it', async () => {
  const platform = await createWarmPlatform({ reactions: [READY] });
  const { pool, calls } = platform;
  Object.assign(platform.deps, {
    admit: async () => {
      throw new CreateTakenError('taken');
    },
  });
  assert.is((await appErrorOf(platform.create())).code, 'BUSY');
  assert.equal([pool.size, calls], [1, []]);
});

meanwhile('every container is taken by others: it starts cold', async () => {
  const platform = await createWarmPlatform({ reactions: [READY, READY] });
  const { admit } = platform.deps;
  Object.assign(platform.deps, {
    admit: async (...given: Parameters<typeof admit>) => {
      if (given[2] !== undefined) throw new ContainerTakenError('taken');
      return admit(...given);
    },
  });
  assert.is((await platform.create()).status, 201);
  assert.equal(platform.calls, ['admit cold', 'cold create', 'run']);
});

meanwhile('a fault of the table ends the session and stops the container that it names last', async () => {
  const platform = await createWarmPlatform({ reactions: [REFUSES, REFUSES] });
  const { warmPool } = platform.deps;
  Object.assign(warmPool ?? {}, {
    move: async (id: string, { to }: { to: { taskArn: string } }) => {
      const session = platform.sessions.get(id) as Session;
      platform.sessions.set(id, { ...session, taskArn: to.taskArn });
      throw new Error('the answer was lost');
    },
  });
  const error = await appErrorOf(platform.create());
  assert.is(error.code, 'START_FAILED');
  const stops = platform.calls.filter((call) => call.startsWith('stop'));
  assert.equal(stops.sort(), ['stop arn:w01', 'stop arn:w02']);
});

meanwhile.run();
