import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Extension } from '../../core/domain/extension.ts';
import { isTerminal, SESSION_STATUSES, type Session } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { signExtensionUrl } from './sign-extension-url.ts';
import { authentication, containerRequest, containerToken } from './testing/container-request.ts';

const ID = '00000000-0000-4000-8000-00000000000e';
const EXTENSION: Extension = {
  extensionId: ID,
  projectId: 'p1',
  fileName: 'e.zip',
  sizeBytes: 1,
  createdAt: 't',
  updatedAt: 't',
};

function sign(
  session: Session | undefined,
  found: Extension | undefined = EXTENSION,
  token = containerToken(),
) {
  return signExtensionUrl({
    ...authentication,
    getSession: async () => session,
    getExtension: async () => found,
    presignZip: async ({ projectId, extensionId }) => `https://bucket/${projectId}/${extensionId}`,
  })({ ...containerRequest({}), bearerToken: token });
}
const withExtension = (changes: Partial<Session> = {}) =>
  newSession({ status: 'STARTING', extensionId: ID, ...changes });

const urls = suite('signExtensionUrl');

urls("is of the session's own extension, while the session is not over", async () => {
  assert.equal((await sign(withExtension())).body, { url: `https://bucket/p1/${ID}` });
  for (const status of SESSION_STATUSES.filter(isTerminal))
    assert.is((await appErrorOf(sign(withExtension({ status })))).code, 'SESSION_HAS_ENDED');
});

urls('is of none that another project owns, that was deleted, or that was not asked for', async () => {
  const { extensionId: _, ...without } = withExtension();
  for (const [session, found, code] of [
    [withExtension(), { ...EXTENSION, projectId: 'p2' }, 'EXTENSION_NOT_FOUND'],
    [without, EXTENSION, 'EXTENSION_NOT_IN_SESSION'],
    [undefined, EXTENSION, 'SESSION_NOT_FOUND'],
  ] as const)
    assert.is((await appErrorOf(sign(session, found))).code, code);
});

urls('is given to the container of the session, and to no other', async () => {
  const answer = sign(withExtension(), EXTENSION, containerToken('s2'));
  assert.is((await appErrorOf(answer)).code, 'CONTAINER_UNAUTHORIZED');
  const other = sign(withExtension({ warmId: 'w02' }), EXTENSION, containerToken('s1', 'controller', 'w01'));
  assert.is((await appErrorOf(other)).code, 'SESSION_HAS_ENDED');
});

urls.run();
