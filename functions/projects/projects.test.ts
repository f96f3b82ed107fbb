import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Project } from '../../core/domain/project.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { listProjects } from './list-projects.ts';
import { retrieveProject } from './retrieve-project.ts';
import { retrieveProjectUsage } from './retrieve-project-usage.ts';

const project = (projectId: string): Project => ({
  projectId,
  name: `name of ${projectId}`,
  ownerId: 'o',
  createdAt: 't0',
  updatedAt: 't1',
  defaultTimeoutSeconds: 900,
  concurrency: 3,
  running: 2,
  browserMinutes: 40,
  proxyBytes: 7,
});
const view = (id: string) => ({
  id,
  createdAt: 't0',
  updatedAt: 't1',
  name: `name of ${id}`,
  ownerId: 'o',
  defaultTimeout: 900,
  concurrency: 3,
});

const listing = suite('listProjects');

listing('answers every project that the key opens, as a bare array, whatever the header names', async () => {
  const asked: (readonly string[])[] = [];
  const use = listProjects({
    getProjects: async (ids) => {
      asked.push(ids);
      return ids.map(project);
    },
  });
  assert.equal(await use(newRequest()), { status: 200, body: [view('p1'), view('p2')] });
  assert.equal(asked, [['p1', 'p2']]);
});

listing('leaves out what the key names and does not exist', async () => {
  assert.equal((await listProjects({ getProjects: async () => [] })(newRequest())).body, []);
});

listing.run();

// ---

for (const [name, use, shown] of [
  ['retrieveProject', retrieveProject, view('p2')],
  ['retrieveProjectUsage', retrieveProjectUsage, { browserMinutes: 40, proxyBytes: 7 }],
] as const) {
  const one = suite(name);

  one('shows a project that the key opens, also beside the one of the header', async () => {
    const { status, body } = await use({ getProject: async (id) => project(id) })(
      newRequest({ pathId: 'p2' }),
    );
    assert.equal([status, body], [200, shown]);
  });

  one('is 404 for one that the key does not open, and does not look whether it exists', async () => {
    const getProject = async () => assert.unreachable('it was looked up') as never;
    for (const pathId of ['p3', '', 'P1', 'p1,p2', '__proto__']) {
      const { status, message } = await appErrorOf(use({ getProject })(newRequest({ pathId })));
      assert.equal([status, message], [404, `No project ${pathId} for this API key`]);
    }
  });

  one('is 404 for one that the key still names and that is gone', async () => {
    const call = use({ getProject: async () => undefined })(newRequest({ pathId: 'p1' }));
    assert.is((await appErrorOf(call)).code, 'PROJECT_NOT_FOUND');
  });

  one.run();
}
