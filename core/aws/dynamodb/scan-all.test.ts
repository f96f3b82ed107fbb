import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFakeTable } from '../testing/fake-client.ts';
import { scanAll } from './scan-all.ts';

const scans = suite('scanAll');

scans('reads page after page, consistently', async () => {
  const table = createFakeTable(
    [
      { Items: [{ id: 'a' }], LastEvaluatedKey: { id: 'a' } },
      { LastEvaluatedKey: { id: 'b' } },
      { Items: [{ id: 'c' }] },
    ],
    'things',
  );
  assert.equal(await scanAll(table), [{ id: 'a' }, { id: 'c' }]);
  assert.equal(
    table.sent.map(({ input }) => [input.TableName, input.ConsistentRead, input.ExclusiveStartKey]),
    [
      ['things', true, undefined],
      ['things', true, { id: 'a' }],
      ['things', true, { id: 'b' }],
    ],
  );
});

scans.run();
