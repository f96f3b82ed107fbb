import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFakeTable } from '../testing/fake-client.ts';
import { getProject } from './get-project.ts';
import { getProjects } from './get-projects.ts';

const idsOf = (last: number) => Array.from({ length: last }, (_, index) => `p${index}`);
const keysOf = (projectIds: readonly string[]) => projectIds.map((projectId) => ({ projectId }));

const one = suite('getProject');

one('reads consistently, because a quota hangs on it', async () => {
  const projects = createFakeTable([{ Item: { projectId: 'p1' } }], 'projects');
  assert.equal(await getProject(projects, 'p1'), { projectId: 'p1' });
  const wanted = { TableName: 'projects', Key: { projectId: 'p1' }, ConsistentRead: true };
  assert.equal(projects.sent[0]?.input, wanted);
});

one('is undefined when there is none', async () => {
  assert.is(await getProject(createFakeTable([{}]), 'p1'), undefined);
});

one.run();

// ---

const many = suite('getProjects');

many('asks for a hundred at a time and for each once, and answers in the order of the ids', async () => {
  const ids = idsOf(150);
  const answers = [ids.slice(0, 100), ids.slice(100)].map((each) => ({
    Responses: { projects: keysOf(each).reverse() },
  }));
  const projects = createFakeTable(answers, 'projects');
  const found = await getProjects(projects, [...ids, 'p0']);
  assert.equal(
    found.map(({ projectId }) => projectId),
    [...ids, 'p0'],
  );
  const asked = projects.sent.map(({ input }) => input.RequestItems.projects.Keys.length);
  assert.equal(asked, [100, 50]);
});

many('asks again for what DynamoDB left unprocessed', async () => {
  const projects = createFakeTable(
    [
      { Responses: { projects: keysOf(['p0']) }, UnprocessedKeys: { projects: { Keys: keysOf(['p1']) } } },
      { Responses: { projects: keysOf(['p1']) } },
    ],
    'projects',
  );
  const found = await getProjects(projects, ['p1', 'p0']);
  assert.equal(found, keysOf(['p1', 'p0']));
  assert.equal(projects.sent[1]?.input.RequestItems.projects.Keys, keysOf(['p1']));
});

many('leaves out those that do not exist, and asks nothing for no ids', async () => {
  const projects = createFakeTable([{ Responses: {} }], 'projects');
  assert.equal(await getProjects(projects, ['p0']), []);
  assert.equal(await getProjects(projects, []), []);
  assert.is(projects.sent.length, 1);
});

many.run();
