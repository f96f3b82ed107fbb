import { marshall } from '@aws-sdk/util-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFakeTable } from '../testing/fake-client.ts';
import {
  ConcurrencyExceededError,
  giveSlotBack,
  ProjectNotFoundError,
  takeSlot,
  whyNoSlot,
} from './concurrency-slots.ts';

const projects = createFakeTable([], 'projects');

const slots = suite('concurrency slots');

slots('are taken only as long as there are fewer sessions than the project may have', () => {
  const { Update } = takeSlot(projects, 'p1');
  assert.equal([Update?.TableName, Update?.Key], ['projects', { projectId: 'p1' }]);
  assert.is(Update?.ConditionExpression, 'attribute_exists(projectId) AND running < concurrency');
  assert.is(Update?.UpdateExpression, 'SET running = running + :one');
});

slots('say in what they refuse how many there are and how many are taken', () => {
  const { Update } = takeSlot(projects, 'p1');
  assert.is(Update?.ReturnValuesOnConditionCheckFailure, 'ALL_OLD', 'without it nobody knows');
  const fact = whyNoSlot('p1', { Item: marshall({ projectId: 'p1', concurrency: 5, running: 5 }) });
  assert.instance(fact, ConcurrencyExceededError);
  const { limit, running } = fact as ConcurrencyExceededError;
  assert.equal([limit, running], [5, 5]);
});

slots('are none in a project that does not exist', () => {
  const fact = whyNoSlot('p1', {});
  assert.instance(fact, ProjectNotFoundError);
  assert.match(fact.message, 'p1');
});

slots('are given back with what the session has used, to a project that still exists', () => {
  const { Update } = giveSlotBack(projects, 'p1', { browserMinutes: 3, proxyBytes: 7 });
  assert.equal([Update?.TableName, Update?.Key], ['projects', { projectId: 'p1' }]);
  assert.is(Update?.ConditionExpression, 'attribute_exists(projectId)');
  assert.is(Update?.UpdateExpression, 'ADD running :minusOne, browserMinutes :minutes, proxyBytes :bytes');
  assert.equal(Update?.ExpressionAttributeValues, { ':minusOne': -1, ':minutes': 3, ':bytes': 7 });
});

slots.run();
