import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Context } from '../../core/domain/context.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { type CreateContextDeps, createContext } from './create-context.ts';

type Body = Parameters<ReturnType<typeof createContext>>[0]['body'];

function create(body: Body, broken: Partial<CreateContextDeps> = {}) {
  const stored: Context[] = [];
  const answer = createContext({
    newId: () => 'c1',
    now: () => new Date('2026-06-01T00:00:00.000Z'),
    storeContext: async (context) => {
      stored.push(context);
    },
    presignUpload: async (key) => `https://bucket/${key}?X-Amz-Signature=s`,
    ...broken,
  })(newRequest({ body }));
  return { answer, stored };
}

const creating = suite('createContext');

creating('stores an empty context of the project and answers where to upload a profile to it', async () => {
  const { answer, stored } = create({});
  assert.equal(await answer, {
    status: 201,
    body: {
      id: 'c1',
      uploadUrl: 'https://bucket/p1/c1/profile.tar.gz?X-Amz-Signature=s',
      publicKey: '',
      cipherAlgorithm: 'AES-256-CBC',
      initializationVectorSize: 16,
    },
  });
  const at = '2026-06-01T00:00:00.000Z';
  assert.equal(stored, [{ contextId: 'c1', projectId: 'p1', status: 'EMPTY', createdAt: at, updatedAt: at }]);
});

creating('keeps its name as it was given, an empty one too', async () => {
  for (const name of ['shop', '', '../../etc', '漢🙂']) {
    const { answer, stored } = create({ name });
    const { uploadUrl } = (await answer).body as { uploadUrl: string };
    assert.is(stored[0]?.name, name);
    assert.match(uploadUrl, '/p1/c1/profile.tar.gz?', 'and no name is part of a key');
  }
});

creating('belongs to the project that the body names, where the key opens it', async () => {
  const { answer, stored } = create({ projectId: 'p2' });
  assert.match(JSON.stringify((await answer).body), 'p2/c1/profile.tar.gz');
  assert.is(stored[0]?.projectId, 'p2');
});

creating('is 403 for any other project, and stores nothing', async () => {
  for (const projectId of ['p3', '', '#deleted', '__proto__']) {
    const { answer, stored } = create({ projectId });
    assert.is((await appErrorOf(answer)).code, 'PROJECT_FORBIDDEN');
    assert.equal(stored, []);
  }
});

creating('stores nothing that nobody learns of, when no URL can be signed', async () => {
  const fault = new Error('no credentials');
  const { answer, stored } = create(
    {},
    {
      presignUpload: async () => {
        throw fault;
      },
    },
  );
  assert.is(await answer.catch((error) => error), fault);
  assert.equal(stored, []);
});

creating('answers no URL for a context that could not be stored', async () => {
  const fault = new Error('throttled');
  const { answer } = create(
    {},
    {
      storeContext: async () => {
        throw fault;
      },
    },
  );
  assert.is(await answer.catch((error) => error), fault);
});

creating.run();
