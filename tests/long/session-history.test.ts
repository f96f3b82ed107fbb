/** A project with five thousand sessions: each list holds what it should, and no list holds the history in memory. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listProjectSessions } from '../../core/aws/sessions/list-sessions.ts';
import type { Session } from '../../core/domain/session.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { type ListSessionsQuery, listSessions } from '../../functions/sessions/list-sessions.ts';
import { openSessionTables, type SessionTables } from '../contract/support/session-tables.ts';

const SESSIONS = 5_000;
const BATCH = 25;
/** Every hundredth has failed, every thousandth is one of a kind. */
const isFailed = (number: number) => number % 100 === 0;
const isRare = (number: number) => number % 1_000 === 7;
const MIB = 1024 * 1024;
/** One page of DynamoDB's is 1 MB of text, and several times that as objects; all of this history is some 20 MB. */
const MAX_HELD_BYTES = 8 * MIB;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

let tables: SessionTables;
let projectId: string;
const history = suite(`a history of ${SESSIONS} sessions, on a real DynamoDB API`);

history.before(async () => {
  tables = await openSessionTables();
  projectId = await tables.newProject(1);
  const stored = Array.from({ length: SESSIONS }, (_, number) => sessionOf(number));
  for (let from = 0; from < SESSIONS; from += BATCH) {
    const puts = stored.slice(from, from + BATCH).map((Item) => ({ PutRequest: { Item } }));
    const { client, tableName } = tables.sessions;
    await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: puts } }));
  }
});
history.after(() => tables.close());

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Two of them share each moment, as creates at once do. */
const sessionOf = (number: number): Session =>
  tables.newSession(projectId, {
    sessionId: idOf(number),
    createdAt: new Date(Date.UTC(2026, 0, 1) + Math.floor(number / 2) * 1_000).toISOString(),
    status: isFailed(number) ? 'FAILED' : 'STOPPED',
    userMetadata: JSON.stringify({ kind: isRare(number) ? 'rare' : 'usual', note: 'n'.repeat(440) }),
  });

/** All pages of a list as a client would ask for them: the number of each session, and how many pages it took. */
async function listAll(query: ListSessionsQuery) {
  const use = listSessions({
    listProjectSessions: (project, filter) => listProjectSessions(tables.sessions, project, filter),
    now: tables.now,
  });
  const numbers: number[] = [];
  let asked: ListSessionsQuery | undefined = query;
  let pages = 0;
  while (asked !== undefined) {
    const { body, headers } = await use(
      newRequest({ query: asked, access: { projectId, projectIds: [projectId] } }),
    );
    numbers.push(...(body as { id: string }[]).map(({ id }) => Number(id.slice(-12))));
    pages += 1;
    asked = queryOf(headers?.link);
  }
  return { numbers, pages };
}

function queryOf(link: string | undefined): ListSessionsQuery | undefined {
  const path = /^<(.+)>; rel="next"$/.exec(link ?? '')?.[1];
  if (path === undefined) return undefined;
  const { limit, ...rest } = Object.fromEntries(new URL(path, 'http://h').searchParams);
  return { ...rest, ...(limit === undefined ? {} : { limit: Number(limit) }) };
}

const numbersFrom = (isWanted: (number: number) => boolean) =>
  Array.from({ length: SESSIONS }, (_, number) => number).filter(isWanted);
const ascending = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

for (const limit of [undefined, 1_000, 333]) {
  history(`is listed to its end in pages of ${limit ?? 'what fits'}, each session once`, async () => {
    const { numbers, pages } = await listAll(limit === undefined ? {} : { limit });
    assert.equal(
      ascending(numbers),
      numbersFrom(() => true),
    );
    assert.ok(numbers.every((number, index) => index === 0 || number - 1 <= (numbers[index - 1] ?? 0)));
    assert.ok(pages >= SESSIONS / (limit ?? 1_000));
  });
}

history('is filtered by status, also where a page ends among others', async () => {
  assert.equal(ascending((await listAll({ status: 'ERROR', limit: 9 })).numbers), numbersFrom(isFailed));
});

history('is found by metadata that hardly any session has', async () => {
  const { numbers } = await listAll({ q: "user_metadata['kind']:'rare'" });
  assert.equal(ascending(numbers), numbersFrom(isRare));
});

history('lets go what does not match while it reads on', async () => {
  collect();
  const before = process.memoryUsage().heapUsed;
  let seen = 0;
  let mostHeld = 0;
  const { sessions } = await listProjectSessions(tables.sessions, projectId, {
    limit: 1_000,
    matches: () => {
      seen += 1;
      if (seen % 250 === 0) {
        collect();
        mostHeld = Math.max(mostHeld, process.memoryUsage().heapUsed - before);
      }
      return false;
    },
  });
  console.log(`${seen} sessions read, at most ${(mostHeld / MIB).toFixed(1)} MiB held`);
  assert.equal([sessions.length, seen], [0, SESSIONS]);
  assert.ok(mostHeld < MAX_HELD_BYTES, `${mostHeld} bytes`);
});

history.run();
