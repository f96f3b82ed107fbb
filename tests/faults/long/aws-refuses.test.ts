/**
 * Each public function, while one kind of its calls of AWS is throttled, fails or is not answered. `FAULT_STORIES` tells
 * all three of each call; otherwise each call fails, some are throttled and one is not answered.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AWS_ATTEMPTS } from '../../../core/aws/aws-client.ts';
import { getProject } from '../../../core/aws/projects/get-project.ts';
import { listProjectSessions } from '../../../core/aws/sessions/list-sessions.ts';
import { LIVE_STATUSES } from '../../../core/domain/session.ts';
import { RETRY } from '../../../core/domain/timing.ts';
import {
  type AwsFault,
  type DeployedFunctions,
  openDeployedFunctions,
} from '../../contract/support/deployed-functions.ts';
import { type Seed, seed } from '../support/functions-world.ts';
import { PUBLIC_REQUESTS, type PublicRequest } from '../support/public-requests.ts';

const isLong = process.env.FAULT_STORIES !== undefined;
/** Of so many calls one is throttled as well: the SDK waits half a second and more between its attempts then. */
const THROTTLED_EACH = 8;
const SILENT_FUNCTION = 'retrieve-context';
/** Of a function that can do without: what it is for is done, or is done later. */
const DONE_WITHOUT: Readonly<Record<string, readonly string[]>> = {};

let functions: DeployedFunctions;
const figures = { calls: 0, attempts: 0, slowestMs: 0 };

const t = suite('AWS refuses');
t.before(async () => {
  functions = await openDeployedFunctions();
});
t.after(async () => {
  console.log(
    `${figures.calls} calls failed, ${figures.attempts} attempts; the slowest answer ${figures.slowestMs} ms`,
  );
  await functions.close();
});

interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** With what the request needs. */
async function worldOf({ prepare }: PublicRequest): Promise<Seed> {
  const world = await seed(functions);
  return prepare === undefined ? world : prepare(world, functions);
}

async function ask(name: string, { sent, isStreamed }: PublicRequest, world: Seed): Promise<Answered> {
  const asked = await sent(world);
  if (isStreamed !== true) return functions.send(name, asked);
  const body = JSON.parse(await functions.streamText(name, asked));
  return { status: body.statusCode ?? 200, body, headers: {} };
}

/** What the function asks of AWS when nothing fails, and how often. */
async function callsOf(name: string, request: PublicRequest): Promise<ReadonlyMap<string, number>> {
  const world = await worldOf(request);
  functions.takeAllCalls();
  const { status, body } = await ask(name, request, world);
  assert.is(status, request.status, JSON.stringify(body));
  const counts = new Map<string, number>();
  // A token key is read once for all; token-keys.test.ts is about them.
  for (const call of functions.takeAllCalls().filter((each) => each !== 'GetSecretValue'))
    counts.set(call, (counts.get(call) ?? 0) + 1);
  return counts;
}

let number = 0;
function faultsOf(name: string): readonly AwsFault[] {
  if (isLong) return ['failed', 'throttled', 'silent'];
  number += 1;
  return [
    'failed',
    ...(number % THROTTLED_EACH === 0 ? (['throttled'] as const) : []),
    ...(name === SILENT_FUNCTION ? (['silent'] as const) : []),
  ];
}

for (const [name, request] of Object.entries(PUBLIC_REQUESTS)) {
  t(`${name} answers 503 with a reason, and works again`, async () => {
    for (const [call, count] of await callsOf(name, request))
      for (const fault of faultsOf(name)) await tell(name, request, { call, count, fault });
  });
}

async function tell(
  name: string,
  request: PublicRequest,
  { call, count, fault }: { readonly call: string; readonly count: number; readonly fault: AwsFault },
): Promise<void> {
  const what = `${name}, ${call} ${fault}`;
  const world = await worldOf(request);
  let attempts = 0;
  functions.setFault((asked) => {
    if (asked !== call) return undefined;
    attempts += 1;
    return fault;
  });
  const startedAt = performance.now();
  const { status, body, headers } = await ask(name, request, world).finally(() =>
    functions.setFault(undefined),
  );
  figures.calls += 1;
  figures.attempts += attempts;
  figures.slowestMs = Math.max(figures.slowestMs, Math.round(performance.now() - startedAt));
  if (DONE_WITHOUT[name]?.includes(call)) assert.is(status, request.status, what);
  else {
    assert.is(status, 503, `${what}: ${JSON.stringify(body)}`);
    assert.equal([body.statusCode, body.error], [503, 'Service Unavailable'], what);
    assert.match(String(body.message), /try again$/, what);
    if (request.isStreamed !== true && body.message !== undefined && /of AWS/.test(String(body.message)))
      assert.is(headers['retry-after'], String(RETRY.outageSeconds), what);
  }
  // All attempts at the store of files have one time together (ARTIFACT_STORE), which silence takes.
  const isOneWait = fault === 'silent' && call.endsWith(' S3');
  assert.ok(attempts > (isOneWait ? 0 : 1), `${what}: it is tried again, not given up at once`);
  assert.ok(attempts <= count * AWS_ATTEMPTS, `${what}: ${attempts} attempts`);
  await requireWhole(world, what);
  assert.is((await ask(name, request, world)).status, request.status, `${what}: works again`);
  await requireWhole(world, what);
}

/** The project counts its live sessions, and nothing else. */
async function requireWhole({ projectId }: Seed, what: string): Promise<void> {
  const { sessions, projects } = functions.tables;
  const { sessions: live } = await listProjectSessions(sessions, projectId, {
    statuses: LIVE_STATUSES,
    limit: 10,
  });
  assert.is((await getProject(projects, projectId))?.running, live.length, what);
}

t.run();
