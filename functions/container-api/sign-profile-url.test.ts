import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Context } from '../../core/domain/context.ts';
import type { ProfileSave } from '../../core/domain/profile-save.ts';
import { isTerminal, SESSION_STATUSES, type Session } from '../../core/domain/session.ts';
import { DELETED } from '../../core/domain/tombstone.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { signProfileUrl } from './sign-profile-url.ts';
import { authentication, containerRequest, containerToken } from './testing/container-request.ts';

const ID = '00000000-0000-4000-8000-00000000000c';
const context: Context = { contextId: ID, projectId: 'p1', status: 'SAVED', createdAt: 't', updatedAt: 't' };
const withContext = (changes: Partial<Session> = {}) =>
  newSession({ status: 'READY', contextId: ID, persistContext: true, ...changes });

function sign(
  operation: 'restore' | 'persist',
  session: Session | undefined,
  found: Context | undefined = context,
  bearerToken = containerToken(),
  replaces?: string,
) {
  const saves: ProfileSave[] = [];
  const signed: string[] = [];
  const presign = (method: string) => async (key: string) => {
    signed.push(`${method} ${key}`);
    return `https://bucket/${method}`;
  };
  const answer = signProfileUrl({
    ...authentication,
    getSession: async () => session,
    getContext: async () => found,
    presignDownload: presign('GET'),
    presignUpload: presign('PUT'),
    presignSave: async (save) => {
      saves.push(save);
      return { url: 'https://bucket/save', headers: { 'if-match': save.replaces } };
    },
  })({ ...containerRequest({ operation, ...(replaces === undefined ? {} : { replaces }) }), bearerToken });
  return { answer, signed, saves };
}

const urls = suite('signProfileUrl');

for (const status of SESSION_STATUSES.filter((candidate) => !isTerminal(candidate))) {
  urls(`signs one URL, for what was asked, while the session is ${status}`, async () => {
    const restore = sign('restore', withContext({ status }));
    assert.equal((await restore.answer).body, { url: 'https://bucket/GET' });
    assert.equal(restore.signed, [`GET p1/${ID}/profile.tar.gz`]);
    const persist = sign('persist', withContext({ status }));
    assert.equal((await persist.answer).body, { url: 'https://bucket/PUT' });
    assert.equal(persist.signed, [`PUT p1/${ID}/profile.tar.gz`]);
  });
}

urls('of a save that names an archive are for that one alone, and in the name of its session', async () => {
  const { answer, signed, saves } = sign('persist', withContext(), context, containerToken(), '"e"');
  assert.equal((await answer).body, { url: 'https://bucket/save', headers: { 'if-match': '"e"' } });
  assert.equal(
    [signed, saves],
    [[], [{ profileKey: `p1/${ID}/profile.tar.gz`, sessionId: 's1', replaces: '"e"' }]],
  );
});

for (const status of SESSION_STATUSES.filter(isTerminal)) {
  urls(`signs nothing once the session is ${status}, and says why it ended`, async () => {
    const over = withContext({ status, endReason: 'container_lost' });
    const { answer, signed } = sign('persist', over);
    const { code, facts } = await appErrorOf(answer);
    assert.equal([code, facts], ['SESSION_HAS_ENDED', { endReason: 'container_lost' }]);
    assert.equal(signed, []);
  });
}

urls('never signs a write for a session that may only read', async () => {
  for (const persistContext of [false, undefined]) {
    const { persistContext: _, ...session } = withContext();
    const reading = persistContext === undefined ? session : { ...session, persistContext };
    const { answer, signed } = sign('persist', reading);
    const { status, message } = await appErrorOf(answer);
    assert.equal([status, message], [409, 'Session s1 has no context to persist']);
    assert.equal(signed, []);
    assert.is((await sign('restore', reading).answer).status, 200);
  }
});

for (const [what, found] of [
  ['was deleted', undefined],
  ['was deleted, and left a tombstone', { ...context, projectId: DELETED }],
  ['is another project’s', { ...context, projectId: 'p2' }],
] as const) {
  urls(`signs nothing for a context that ${what}: a late save does not bring it back`, async () => {
    const call = signProfileUrl({
      ...authentication,
      getSession: async () => withContext(),
      getContext: async () => found,
      presignDownload: async () => assert.unreachable() as never,
      presignUpload: async () => assert.unreachable() as never,
      presignSave: async () => assert.unreachable() as never,
    })(containerRequest({ operation: 'persist' as const }));
    assert.is((await appErrorOf(call)).code, 'CONTEXT_NOT_FOUND');
  });
}

urls('signs nothing for a session that is gone, nor for another container', async () => {
  assert.is((await appErrorOf(sign('restore', undefined).answer)).code, 'SESSION_NOT_FOUND');
  const { answer, signed } = sign('restore', withContext(), context, containerToken('s2'));
  assert.is((await appErrorOf(answer)).code, 'CONTAINER_UNAUTHORIZED');
  assert.equal(signed, []);
});

urls('are signed for the container that the session names, and for no other', async () => {
  const asks = (session: string | undefined, container: string | undefined) =>
    sign(
      'persist',
      withContext(session === undefined ? {} : { warmId: session }),
      context,
      containerToken('s1', 'controller', container),
    );
  assert.is((await asks('w01', 'w01').answer).status, 200);
  for (const [session, container] of [
    ['w02', 'w01'],
    [undefined, 'w01'],
    ['w01', undefined],
  ] as const) {
    const { answer, signed } = asks(session, container);
    assert.is((await appErrorOf(answer)).code, 'SESSION_HAS_ENDED');
    assert.equal(signed, []);
  }
});

urls.run();
