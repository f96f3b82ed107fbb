import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conditionFailed, createFakeTable, failureOf } from '../testing/fake-client.ts';
import { storeProject } from './store-project.ts';
import { updateProject } from './update-project.ts';

const NOW = new Date('2026-06-01T00:00:00.000Z');
const project = { projectId: 'p1', name: 'n', ownerId: 'o', defaultTimeoutSeconds: 600, concurrency: 5 };

const storing = suite('storeProject');

storing('stores a project in which nothing runs and nothing was used', async () => {
  const projects = createFakeTable([{}], 'projects');
  assert.is(await storeProject(projects, project, NOW), true);
  const at = NOW.toISOString();
  const { input } = projects.sent[0] ?? {};
  const counts = { running: 0, browserMinutes: 0, proxyBytes: 0 };
  assert.equal(input.Item, { ...project, ...counts, createdAt: at, updatedAt: at });
  assert.is(input.ConditionExpression, 'attribute_not_exists(projectId)');
});

storing('leaves a project alone that has the id already', async () => {
  assert.is(await storeProject(createFakeTable([conditionFailed()]), project, NOW), false);
});

storing('hands on every other failure', async () => {
  const fault = new Error('no table');
  assert.is(await failureOf(storeProject(createFakeTable([fault]), project, NOW)), fault);
});

storing.run();

// ---

const updating = suite('updateProject');
const rename = { changes: { name: 'm', concurrency: 9 }, now: NOW };

updating('sets what changes and when, and touches no count', async () => {
  const projects = createFakeTable([{}], 'projects');
  assert.is(await updateProject(projects, 'p1', rename), true);
  const { input } = projects.sent[0] ?? {};
  assert.equal(input.Key, { projectId: 'p1' });
  assert.is(
    input.UpdateExpression,
    'SET #name = :name, #concurrency = :concurrency, #updatedAt = :updatedAt',
  );
  const values = { ':name': 'm', ':concurrency': 9, ':updatedAt': NOW.toISOString() };
  assert.equal(input.ExpressionAttributeValues, values);
});

updating('makes no project of an id that has none', async () => {
  const projects = createFakeTable([conditionFailed()]);
  assert.is(await updateProject(projects, 'p1', rename), false);
  assert.is(
    projects.sent[0]?.input.ConditionExpression,
    'attribute_exists(projectId) AND attribute_not_exists(deletingSince)',
  );
});

updating('hands on every other failure', async () => {
  const fault = new Error('no table');
  assert.is(await failureOf(updateProject(createFakeTable([fault]), 'p1', rename)), fault);
});

updating.run();
