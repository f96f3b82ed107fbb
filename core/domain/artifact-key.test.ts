import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  downloadKeyOf,
  logPrefixOf,
  logSegmentKeyOf,
  MAX_LOG_SEQUENCE,
  recordingIndexKeyOf,
  sessionIdInKey,
} from './artifact-key.ts';

const keys = suite('keys of artifacts');
const owner = { projectId: 'p1', sessionId: 's1' };

keys('name the project and the session of a log', () => {
  assert.is(logSegmentKeyOf(owner, 7), 'logs/p1/s1/000007.jsonl.gz');
  assert.is(logPrefixOf(owner), 'logs/p1/s1/');
});

keys('of a log are listed in the order of its segments', () => {
  const inOrder = [0, 1, 9, 10, 99, 100, 1_000, MAX_LOG_SEQUENCE].map((number) =>
    logSegmentKeyOf(owner, number),
  );
  assert.equal(inOrder.toSorted(), inOrder);
});

keys('tell whose they are', () => {
  assert.equal(
    [logSegmentKeyOf(owner, 7), downloadKeyOf(owner, 'd1'), recordingIndexKeyOf(owner, 3)].map(
      sessionIdInKey,
    ),
    ['s1', 's1', 's1'],
  );
});

keys.run();
