/**
 * Threat: a token that was made up, altered, stolen from another place or kept too long. Every wrong token at every door:
 * refused, in the same words whatever is wrong with it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { bodyHashOf } from '../../core/tokens/body-hash.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import type { TokenAudience, TokenClaims, TokenKeySet } from '../../core/tokens/tokens.ts';
import { connectCdp } from '../e2e/support/cdp.ts';
import { ownerOf } from '../e2e/support/owner.ts';
import { putFilm } from '../e2e/support/put-film.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';
import { filled } from '../e2e/support/warm-pool.ts';
import { BODIES } from './support/bodies.ts';
import { containersOf } from './support/containers.ts';
import { type Door, doorsOf, type Places } from './support/doors.ts';
import { Figures } from './support/figures.ts';
import { type KnockAnswer, knock } from './support/knock.ts';
import { wrongTokens } from './support/wrong-tokens.ts';

const CLAIM_BODY = 'a.b.c.d.e';
/** What a refusal may never say: which part of a token was wrong. */
const WHY = /audience|signature|kid|unknown key|malformed|issuer|algorithm|jwt|stack/i;

let machine: Wallcrawler;
let keySet: TokenKeySet;
let places: Places;
let otherSessionId: string;
let doors: readonly Door[];
const figures = new Figures();

const tokens = suite('tokens');

tokens.before(async () => {
  machine = await startWallcrawler({ env: { WALLCRAWLER_WARM: '1' } });
  const client = machine.client();
  await filled(machine);
  const [session, other, recorded] = [
    await client.sessions.create({ keepAlive: true }),
    await client.sessions.create({ keepAlive: true }),
    await client.sessions.create(),
  ];
  otherSessionId = other.id;
  await client.sessions.update(recorded.id, { status: 'REQUEST_RELEASE' });
  await until('it ends', async () => (await client.sessions.retrieve(recorded.id)).status === 'COMPLETED');
  await putFilm(machine, recorded.id);
  await filled(machine);
  const secrets = JSON.parse(readFileSync(join(machine.dataDir, 'aws/secrets.json'), 'utf8'));
  keySet = JSON.parse(secrets[0].versions[0].secretString) as TokenKeySet;
  const warmId = await waitingId();
  const warm = containersOf(machine).find(({ name }) => name === warmId);
  assert.ok(warm, `a container waits as ${warmId}`);
  const live = await client.sessions.debug(session.id);
  const port = await portOf(session.id);
  places = {
    front: Number(new URL(machine.url).port),
    container: port,
    sessionId: session.id,
    pageId: live.pages[0]?.id ?? '',
    warm: { port: warm?.port ?? 0, id: warmId },
    recordedId: recorded.id,
    claimBody: CLAIM_BODY,
  };
  doors = doorsOf(places, BODIES);
});

tokens.after(async () => {
  await machine.dispose();
  console.log(`tokens: ${figures}`);
});

/** Which container waits for a session, as the pool has it. */
async function waitingId(): Promise<string> {
  const tables = createDocumentClient(ownerOf(machine.dataDir));
  const key = { TableName: 'wallcrawler-local-warm-pool', Key: { pool: 'slots', slot: 'w01' } };
  const { Item } = await tables.send(new GetCommand(key));
  tables.destroy();
  return String(Item?.warmId);
}

/** The session's container is the one that knows it. */
async function portOf(sessionId: string): Promise<number> {
  const token = sign('cdp', claimsFor({ audiences: ['cdp'] }, sessionId));
  for (const { port } of containersOf(machine)) {
    const answer = await knock({ port, path: `/json/version?signingKey=${token}` });
    if (answer.status === 200) return port;
  }
  throw new Error(`no container of session ${sessionId}`);
}

const sign = (audience: TokenAudience, claims: TokenClaims): string =>
  signToken(keySet, keySet.current, audience, claims);

/** What the right token of a door says. */
function claimsFor(
  { audiences, sessionId }: Pick<Door, 'audiences' | 'sessionId'>,
  defaultId = places.sessionId,
): TokenClaims {
  const isReplay = audiences.includes('replay');
  return {
    sessionId: sessionId ?? (isReplay ? places.recordedId : defaultId),
    projectId: 'local',
    expiresAt: new Date(Date.now() + 600_000),
    ...(audiences.includes('claim')
      ? {
          warmId: places.warm.id,
          bodyHash: bodyHashOf(CLAIM_BODY),
          address: `127.0.0.1:${places.warm.port}`,
        }
      : {}),
  };
}

const rightToken = (door: Door): string => sign(door.audiences[0] ?? 'cdp', claimsFor(door));

async function show(door: Door, what: string, token: string): Promise<KnockAnswer> {
  const answer = await knock(door.ask(token));
  figures.note(`${door.name}, ${what}`, answer.tookMs, answer.status >= 400);
  return answer;
}

/** In the one shape of errors; at the page of a replay a person reads it. */
function assertRefusal(door: Door, { status, body }: KnockAnswer, where: string): void {
  assert.ok(
    door.isInPath ? [400, 401, 404, 405].includes(status) : status === 401,
    `${where}: ${status} ${body}`,
  );
  if (door.name === 'replay: showReplay' && status === 401) return;
  assert.equal(Object.keys(JSON.parse(body)), ['statusCode', 'error', 'message'], where);
  assert.not.match(body, WHY, where);
}

tokens('that are wrong open no door, and are told apart by nothing that is answered', async () => {
  for (const door of doors) {
    const wrong = wrongTokens({
      keySet,
      keyId: keySet.current,
      audiences: door.audiences,
      claims: claimsFor(door),
      otherSessionId: door.sessionId === undefined ? undefined : otherSessionId,
    });
    const bodies = new Map<string, string>();
    // At once: one that names a key of nobody's waits until the keys are read again.
    await Promise.all(
      wrong.map(async ({ what, token }) => {
        const where = `${door.name} with a token ${what}`;
        const answer = await show(door, what, token);
        assertRefusal(door, answer, where);
        if (token.length > 20) assert.not.ok(answer.body.includes(token), `${where}: it is said again`);
        // A link that was good says that it is old: its docs say so.
        const isKnown = answer.status === 401 && !(door.name.startsWith('replay') && /expired/.test(what));
        if (isKnown) bodies.set(answer.body, where);
      }),
    );
    assert.is(bodies.size, 1, `${door.name}: ${JSON.stringify([...bodies])}`);
  }
});

tokens('that are right open their door: the doors above are doors', async () => {
  for (const door of doors.filter(({ name }) => !name.includes('reportEnded'))) {
    const { status, body } = await show(door, 'right', rightToken(door));
    assert.ok(door.opensWith.includes(status), `${door.name}: ${status} ${body}`);
  }
});

tokens('count only where they belong', async () => {
  const { front, container, sessionId } = places;
  const claims = claimsFor({ audiences: ['cdp'] });
  const cdp = sign('cdp', claims);
  const controller = sign('controller', claims);
  const elsewhere = (token: string) => [
    { authorization: `Bearer ${token}` },
    { cookie: `signingKey=${token}` },
    { 'x-bb-api-key': token },
    { 'sec-websocket-protocol': token },
  ];
  for (const port of [front, container]) {
    const prefix = port === front ? '/connect' : '';
    for (const headers of elsewhere(cdp)) {
      for (const isUpgrade of [true, false]) {
        const path = `${prefix}${isUpgrade ? '/' : '/json/version'}`;
        const answer = await knock({ port, path, headers, isUpgrade });
        figures.note('a token in a header', answer.tookMs, answer.status === 401);
        assert.is(answer.status, 401, `${path} ${JSON.stringify(headers)}`);
      }
    }
    for (const path of [
      `/json/version?signingKey=&signingKey=${cdp}`,
      `/json/version?signingKey=x&signingKey=${cdp}`,
      `/json/version?SigningKey=${cdp}`,
      `/json/version?token=${cdp}`,
      `/json/version#signingKey=${cdp}`,
    ])
      assert.is((await knock({ port, path: `${prefix}${path}` })).status, 401, path);
  }
  const path = `/internal/sessions/${sessionId}/heartbeat`;
  const body = JSON.stringify({ connectionCount: 0, token: controller });
  const type = { 'content-type': 'application/json' };
  for (const [target, headers] of [
    [`${path}?authorization=Bearer%20${controller}`, type],
    [`${path}?signingKey=${controller}`, type],
    [path, { ...type, 'x-bb-api-key': controller }],
    [path, { ...type, authorization: controller }],
    [path, { ...type, authorization: `Basic ${controller}` }],
    [path, { ...type, authorization: `Bearer ${controller}, Bearer ${controller}` }],
    [path, { ...type, cookie: `authorization=Bearer ${controller}` }],
  ] as const) {
    const { status } = await knock({ port: front, method: 'POST', path: target, headers, body });
    assert.is(status, 401, `${target} ${Object.keys(headers)}`);
  }
});

tokens('are no API keys, whatever they open elsewhere', async () => {
  const audiences = ['cdp', 'controller', 'live', 'warm', 'claim', 'upload', 'replay'] as const;
  const seen = new Set<string>();
  for (const audience of audiences) {
    const token = sign(audience, claimsFor({ audiences: [audience] }));
    for (const headers of [{ 'x-bb-api-key': token }, { authorization: `Bearer ${token}` }]) {
      for (const path of ['/v1/sessions', `/v1/sessions/${places.sessionId}/debug`, '/v1/projects/local']) {
        const answer = await knock({ port: places.front, path, headers });
        figures.note('a token as an API key', answer.tookMs, answer.status === 401);
        assert.is(answer.status, 401, answer.body);
        seen.add(answer.body);
      }
    }
  }
  assert.is(seen.size, 1, [...seen].join('\n'));
});

tokens('of one page open no other page, and not the browser', async () => {
  const { front, container, pageId } = places;
  const client = await connectCdp(
    `ws://127.0.0.1:${container}/?signingKey=${sign('cdp', claimsFor({ audiences: ['cdp'] }))}`,
  );
  const { targetId } = await client.openPage();
  const live = sign('live', { ...claimsFor({ audiences: ['live'] }), pageId });
  for (const [port, prefix] of [
    [front, '/connect'],
    [container, ''],
  ] as const) {
    for (const rest of [`/devtools/page/${targetId}`, `/cast/${targetId}`, '/cast']) {
      const path = `${prefix}/live/${live}${rest}`;
      assert.is((await knock({ port, path, isUpgrade: true })).status, 401, rest);
    }
    for (const path of [`/?signingKey=${live}`, `/devtools/page/${pageId}?signingKey=${live}`])
      assert.is((await knock({ port, path: `${prefix}${path}`, isUpgrade: true })).status, 401, path);
    const list = await knock({ port, path: `${prefix}/live/${live}/json/list` });
    assert.equal(
      (JSON.parse(list.body) as { id: string }[]).map(({ id }) => id),
      [pageId],
    );
  }
  await client.send('Target.closeTarget', { targetId });
  await client.close();
});

tokens('that may do less than all may not send a file either', async () => {
  const view = { ...claimsFor({ audiences: ['cdp'] }), isViewOnly: true };
  const live = sign('live', view);
  for (const [port, prefix] of [
    [places.front, '/connect'],
    [places.container, ''],
  ] as const) {
    const files = `${prefix}/live/${live}/files/chooser/f.txt`;
    assert.is((await knock({ port, method: 'PUT', body: 'x', path: files })).status, 403);
    for (const audience of ['cdp', 'upload'] as const) {
      const path = `${prefix}/uploads/f.txt?signingKey=${sign(audience, view)}`;
      const answer = await knock({ port, method: 'PUT', body: 'x', path });
      assert.is(answer.status, 403, `${audience}: ${answer.body}`);
    }
  }
});

tokens.run();
