/**
 * Each alarm of the Terraform goes off when what it is about happens, and at no other time. What is ours happens in our own
 * code, which writes its line; what is AWS's own number is put as AWS puts it.
 */
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TaskNotPlacedError } from '../../core/aws/browsers/run-browser-task.ts';
import type { Clock } from '../../core/domain/clock.ts';
import type { decideKeep } from '../../core/domain/decide-keep.ts';
import type { Session } from '../../core/domain/session.ts';
import { api } from '../../core/http/api.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { accept, context, event } from '../../core/http/testing/run-api.ts';
import { createLogger, type Logger } from '../../core/log/logger.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { newWarmContainer } from '../../core/testing/new-warm-container.ts';
import { tellPool } from '../../functions/pool/tell-pool.ts';
import { createSession } from '../../functions/sessions/create-session.ts';
import type { CreateSessionDeps } from '../../functions/sessions/create-session-deps.ts';
import { keySet, workingDeps } from '../../functions/sessions/testing/working-deps.ts';
import { processStream } from '../../functions/stream-processor/process-stream.ts';
import { sweep } from '../../functions/sweeper/sweep.ts';
import { createRefusalLog } from '../../router/refusal-log.ts';
import { REFUSALS, RefusedError } from '../../router/refusals.ts';
import { type Alarm, readAlarms } from './support/alarms.ts';
import { CloudWatch } from './support/cloudwatch.ts';

const MINUTE_MS = 60_000;
const NAMESPACE = 'Wallcrawler/wallcrawler-local';

/** A platform that is watched: its clock is CloudWatch's, and its lines are read by it. */
class Watched {
  readonly cloud = new CloudWatch();
  readonly clock: Clock = { now: () => this.cloud.nowMs, setTimer: () => () => undefined };
  readonly now = () => new Date(this.cloud.nowMs);
  readonly logger: Logger = createLogger({ service: 'test' }, (line) => this.cloud.readLine(line), {
    now: this.now,
    namespace: NAMESPACE,
  });

  pass(ms: number): void {
    this.cloud.nowMs += ms;
  }

  /** One request, through the stack of every function. Answers its status. */
  async request(
    handle: (request: ApiRequest) => Promise<ApiResponse>,
    incoming: Parameters<typeof event>[0] = {},
  ): Promise<number> {
    const { logger, clock } = this;
    const handler = api({ logger, clock, validate: accept }, handle);
    const { requestContext } = event();
    const request = event({ ...incoming, requestContext: { ...requestContext } });
    const { statusCode } = (await handler(request, context, {} as never)) as { statusCode: number };
    return statusCode;
  }

  /** One that takes so long. */
  slowly(tookMs: number): Promise<number> {
    return this.request(async () => {
      this.pass(tookMs);
      return ok({});
    });
  }

  create(changes: Partial<CreateSessionDeps> = {}): Promise<number> {
    const deps = workingDeps({ logger: this.logger, clock: this.clock, ...changes });
    const use = createSession(deps) as (request: ApiRequest) => Promise<ApiResponse>;
    const authorizer = { projectId: 'p1', projectIds: 'p1' };
    const requestContext = { ...event().requestContext, authorizer };
    return this.request((request) => use({ ...request, access: { projectId: 'p1', projectIds: ['p1'] } }), {
      resource: '/v1/sessions',
      pathParameters: null,
      body: '{}',
      requestContext,
    });
  }

  /** A session's last step, as the table's stream has it. */
  async end(change: Pick<Session, 'status' | 'endReason'>): Promise<readonly unknown[]> {
    const session = newSession({ startedAt: 't', status: 'READY' });
    return this.stream({ OldImage: session, NewImage: { ...session, ...change } });
  }

  async stream(
    images: Readonly<Record<'OldImage' | 'NewImage', Session>>,
    putLifecycleEvent: () => Promise<void> = async () => undefined,
  ): Promise<readonly unknown[]> {
    const [OldImage, NewImage] = [images.OldImage, images.NewImage].map((image) => marshall(image));
    const record = { dynamodb: { SequenceNumber: '1', OldImage, NewImage } } as DynamoDBRecord;
    const process = processStream({
      logger: this.logger,
      publishReadySignal: async () => undefined,
      putLifecycleEvent,
      appendEvents: async () => undefined,
    });
    return (await process({ Records: [record] })).batchItemFailures;
  }

  /** The sweeper's turn; false when it has thrown, as Lambda then counts an error. */
  async sweep(listRunningTasks: () => Promise<[]> = async () => []): Promise<boolean> {
    const run = sweep({
      logger: this.logger,
      now: this.now,
      listSessionsInStatus: async () => [],
      getSession: async () => undefined,
      listRunningTasks,
      getWarmContainer: async () => undefined,
      getWarmClaim: async () => undefined,
      markTerminating: async () => undefined,
      end: async () => undefined,
      stopTask: async () => undefined,
      listTombstones: async () => [],
      deleteProfile: async () => undefined,
      removeTombstone: async () => undefined,
    });
    return run().then(
      () => true,
      () => false,
    );
  }

  /** The keeper's turn, so often within one period. */
  keep(available: number): void {
    this.pass(MINUTE_MS / 2);
    const slots = Array.from({ length: available }, () => newWarmContainer({ status: 'AVAILABLE' }));
    const keep: ReturnType<typeof decideKeep> = { start: [], end: [] };
    tellPool(this.logger, { now: this.now(), slots, demand: [], wanted: 2, keep, isSchedule: true });
  }

  refuse(error: Error): number {
    const metrics = { countAnswer: () => undefined };
    return createRefusalLog({ metrics, logger: this.logger })(error, 'upgrade')?.status ?? 0;
  }
}

interface Proof {
  /** What happens on any day. */
  readonly healthy: (watched: Watched, alarm: Alarm) => Promise<void> | void;
  /** What the alarm is about. */
  readonly trouble: (watched: Watched, alarm: Alarm) => Promise<void> | void;
}

const times = async (count: number, run: (index: number) => unknown): Promise<void> => {
  for (let index = 0; index < count; index++) await run(index);
};

/** AWS's own number of an alarm, as the service behind it puts it. */
const put =
  (...values: readonly number[]) =>
  ({ cloud }: Watched, alarm: Alarm): void => {
    for (const value of values) cloud.put(alarm, value);
  };

const failing = (error: Error) => async (): Promise<never> => {
  throw error;
};

/** Five in a row, each with its own answer, spread over the alarm's periods. */
const eachPeriod = async (watched: Watched, { periods, periodMs }: Alarm, run: () => Promise<unknown>) => {
  for (let period = 0; period < periods; period++) {
    const startedAtMs = watched.cloud.nowMs;
    await run();
    if (period < periods - 1) watched.pass(periodMs - (watched.cloud.nowMs - startedAtMs));
  }
};

/** API Gateway counts each answer: 1 for one of 5xx, and 0 for every other. */
const gateway =
  (failures: number, of: number) =>
  (watched: Watched, alarm: Alarm): Promise<void> =>
    eachPeriod(watched, alarm, () =>
      times(of, async (index) => {
        const status = await watched.request(
          index < failures ? failing(new Error('down')) : async () => ok({}),
        );
        watched.cloud.put(alarm, status >= 500 ? 1 : 0);
      }),
    );

/** Creates that take so long each; each is answered with its session. */
const creates = (tookMs: number) => async (watched: Watched, alarm: Alarm) =>
  eachPeriod(watched, alarm, async () => {
    const waitUntilReady = async () => {
      watched.pass(tookMs);
      return newSession({
        status: 'READY',
        address: { host: '10.0.0.5', port: 9223 },
        tokenKeyId: keySet.current,
      });
    };
    assert.is(await watched.create({ waitUntilReady }), 201);
  });

/** Lambda counts an invocation that threw as an error, and each as an invocation. */
const invocations = (isBroken: boolean) => async (watched: Watched, alarm: Alarm) => {
  const isDone = await watched.sweep(isBroken ? failing(new Error('ECS is down')) : undefined);
  assert.is(isDone, !isBroken);
  watched.cloud.put(alarm, isDone ? 0 : 1);
};

/** The load balancer counts a router's answers by their class. */
const routerAnswers = (refused: readonly Error[]) => (watched: Watched, alarm: Alarm) => {
  for (const error of refused) if (watched.refuse(error) >= 500) watched.cloud.put(alarm, 1);
};

/** The container of a create that takes its time. */
const slowTask = (watched: Watched) => async (): Promise<string> => {
  watched.pass(30_000);
  return 'arn:task';
};

/** Nor is there any as long as a create waits for it. */
const noRoom = (watched: Watched) => async (): Promise<never> => {
  watched.pass(26_000);
  throw new TaskNotPlacedError('RESOURCE:CPU');
};

const many = (count: number, error: Error): readonly Error[] => Array.from({ length: count }, () => error);

/** By the name of the alarm, without that of its function where each function has one. */
const PROOFS: Readonly<Record<string, Proof>> = {
  'api-latency': {
    healthy: (watched, alarm) =>
      eachPeriod(watched, alarm, async () => {
        await times(20, () => watched.slowly(120));
        await watched.slowly(8_000);
        // A create waits for its browser: that is no slow API.
        assert.is(await watched.create({ runTask: slowTask(watched) }), 201);
      }),
    trouble: (watched, alarm) => eachPeriod(watched, alarm, () => times(10, () => watched.slowly(5_100))),
  },
  'start-latency': { healthy: creates(30_000), trouble: creates(46_000) },
  'api-errors': { healthy: gateway(1, 40), trouble: gateway(3, 40) },
  'sessions-not-started': {
    healthy: async (watched) => {
      await times(2, async () =>
        assert.is(await watched.create({ runTask: failing(new Error('throttled')) }), 503),
      );
      // What a client does wrong is no failure of ours.
      await times(5, async () => assert.is(await watched.create({ getProject: async () => undefined }), 404));
    },
    trouble: (watched) =>
      times(3, async () => {
        assert.is(await watched.create({ runTask: noRoom(watched) }), 503);
      }),
  },
  'sessions-failing': {
    healthy: async (watched) => {
      await times(20, () => watched.end({ status: 'STOPPED', endReason: 'released' }));
      await times(4, () => watched.end({ status: 'FAILED', endReason: 'browser_crashed' }));
      await times(4, () => watched.end({ status: 'TIMED_OUT', endReason: 'timed_out' }));
    },
    trouble: (watched) => times(5, () => watched.end({ status: 'FAILED', endReason: 'container_lost' })),
  },
  'warm-pool-empty': {
    // Empty for a moment: the next one is there within five minutes.
    healthy: (watched) => times(5, (turn) => watched.keep(turn === 3 ? 1 : 0)),
    trouble: (watched) => times(5, () => watched.keep(0)),
  },
  throttles: { healthy: put(0), trouble: put(0, 1) },
  'stream-late': {
    healthy: put(250, 59_000),
    // A record that cannot be told is handed back, and with it all behind it grow old.
    trouble: async (watched, alarm) => {
      const readAtMs = watched.cloud.nowMs;
      const session = newSession({ status: 'READY', startedAt: 't' });
      const images = { OldImage: session, NewImage: { ...session, status: 'STOPPED' as const } };
      await times(3, async () => {
        assert.is((await watched.stream(images, failing(new Error('the bus is down')))).length, 1);
        watched.cloud.put(alarm, watched.cloud.nowMs - readAtMs);
        watched.pass(40_000);
      });
    },
  },
  'sweeper-late': {
    healthy: async (watched, alarm) => {
      assert.ok(await watched.sweep());
      watched.cloud.put(alarm, 1);
    },
    trouble: (watched, { periodMs }) => watched.pass(periodMs),
  },
  errors: { healthy: invocations(false), trouble: invocations(true) },
  'dead-letters': { healthy: put(0), trouble: put(1) },
  'router-too-few': {
    healthy: put(2),
    trouble: (watched, alarm) => eachPeriod(watched, alarm, async () => put(2, 1)(watched, alarm)),
  },
  'router-errors': {
    healthy: routerAnswers([
      ...many(10, new RefusedError(REFUSALS.unreachable)),
      // What a client is refused is no fault of the router.
      ...many(50, new RefusedError(REFUSALS.badToken)),
    ]),
    trouble: routerAnswers(many(11, new Error('DynamoDB is down'))),
  },
  'router-unreachable': {
    healthy: put(...Array<number>(10).fill(1)),
    trouble: put(...Array<number>(11).fill(1)),
  },
  'router-full': {
    healthy: (watched) => {
      // What one session is refused, or who makes up keys.
      for (const refusal of [REFUSALS.tooManyOfSession, REFUSALS.tooManyNewKeys, REFUSALS.tooManyForSession])
        watched.refuse(new RefusedError(refusal));
    },
    trouble: (watched) => void watched.refuse(new RefusedError(REFUSALS.tooManySockets)),
  },
};

const alarms = await readAlarms();
/** Each function has an alarm on its errors, and some on their dead letters. */
const OF_FUNCTIONS = /^.+-(errors|dead-letters)$/;
const kindOf = ({ name }: Alarm): string => (name in PROOFS ? name : (OF_FUNCTIONS.exec(name)?.[1] ?? name));

const t = suite('the alarms');

t('are proved, each of them, and no other', () => {
  assert.ok(alarms.length > 80);
  assert.equal([...new Set(alarms.map(kindOf))].sort(), Object.keys(PROOFS).sort());
});

for (const alarm of alarms) {
  t(`${alarm.name} goes off when it is to, and not on any other day`, async () => {
    const proof = PROOFS[kindOf(alarm)];
    if (proof === undefined) throw new Error(`Nothing trips ${alarm.name}`);
    const day = new Watched();
    await proof.healthy(day, alarm);
    assert.is(day.cloud.stateOf(alarm), 'OK');
    const trouble = new Watched();
    await proof.trouble(trouble, alarm);
    assert.is(trouble.cloud.stateOf(alarm), 'ALARM');
  });
}

t('are on metrics that the lines of a day have, where they are ours', async () => {
  const ours = alarms.filter(({ namespace }) => namespace === NAMESPACE);
  assert.ok(ours.length > 4);
  for (const alarm of ours) {
    const watched = new Watched();
    await PROOFS[kindOf(alarm)]?.trouble(watched, alarm);
    assert.ok(watched.cloud.count(alarm) > 0, alarm.name);
  }
  assert.is(
    alarms.filter(({ namespace }) => !namespace.startsWith('AWS/') && namespace !== NAMESPACE).length,
    0,
  );
});

t('that are silent say what silence means', () => {
  for (const alarm of alarms) {
    const expected = ['sweeper-late', 'router-too-few'].includes(alarm.name) ? 'ALARM' : 'OK';
    assert.is(new CloudWatch().stateOf(alarm), expected, alarm.name);
  }
});

t.run();
