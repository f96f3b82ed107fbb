import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Context } from '../domain/context.ts';
import type { AppError, ErrorCode } from '../domain/errors.ts';
import type { Project } from '../domain/project.ts';
import { newSession } from '../testing/new-session.ts';
import { projectOf } from './request.ts';
import { requireContext, requireProject, requireSession } from './require-owned.ts';

const ID = '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11';
const context: Context = { contextId: ID, projectId: 'p1', status: 'EMPTY', createdAt: 't', updatedAt: 't' };
const project = { projectId: 'p1', name: 'n' } as Project;

async function assertRefused(promise: Promise<unknown>, code: ErrorCode, message: string): Promise<void> {
  const error = await promise.then(
    () => assert.unreachable('it was found'),
    (failure: AppError) => failure,
  );
  assert.equal([error?.code, error?.status, error?.message], [code, 404, message]);
}

const owned = suite('what a request names by its id');

owned('is found when it belongs to the project', async () => {
  const session = newSession({ sessionId: ID });
  assert.is(await requireSession(async () => session, 'p1', ID), session);
  assert.is(await requireContext(async () => context, 'p1', ID), context);
  assert.is(await requireProject(async () => project, { projectIds: ['p0', 'p1'] }, 'p1'), project);
});

owned('is 404 when it belongs to another project, in the words of one that does not exist', async () => {
  const session = `No session ${ID} in this project`;
  await assertRefused(
    requireSession(async () => newSession(), 'p2', ID),
    'SESSION_NOT_FOUND',
    session,
  );
  await assertRefused(
    requireSession(async () => undefined, 'p2', ID),
    'SESSION_NOT_FOUND',
    session,
  );
  const missing = `No context ${ID} in this project`;
  await assertRefused(
    requireContext(async () => context, 'p2', ID),
    'CONTEXT_NOT_FOUND',
    missing,
  );
  await assertRefused(
    requireContext(async () => undefined, 'p2', ID),
    'CONTEXT_NOT_FOUND',
    missing,
  );
});

owned('is not looked up when it can be no id', async () => {
  const unasked = async () => assert.unreachable('it was looked up') as never;
  for (const id of ['', 'x', ID.toUpperCase(), `${ID}x`, '../..']) {
    await assertRefused(
      requireSession(unasked, 'p1', id),
      'SESSION_NOT_FOUND',
      `No session ${id} in this project`,
    );
    await assertRefused(
      requireContext(unasked, 'p1', id),
      'CONTEXT_NOT_FOUND',
      `No context ${id} in this project`,
    );
  }
});

owned('is a project only if the key opens it; another is not looked up', async () => {
  const unasked = async () => assert.unreachable('it was looked up') as never;
  const text = 'No project p1 for this API key';
  await assertRefused(requireProject(unasked, { projectIds: ['p2'] }, 'p1'), 'PROJECT_NOT_FOUND', text);
  await assertRefused(
    requireProject(async () => undefined, { projectIds: ['p1'] }, 'p1'),
    'PROJECT_NOT_FOUND',
    text,
  );
});

owned.run();

// ---

const named = suite('the project that a body names');
const access = { projectId: 'p1', projectIds: ['p1', 'p2'] };

named('is any that the key opens, and by default the one of the header', () => {
  assert.is(projectOf(access, 'p2'), 'p2');
  assert.is(projectOf(access, undefined), 'p1');
});

named('is 403 when the key does not open it, as the same name in a header is', () => {
  assert.throws(
    () => projectOf(access, 'p3'),
    (error: AppError) => error.code === 'PROJECT_FORBIDDEN' && error.status === 403,
  );
});

named.run();
