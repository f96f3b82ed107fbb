import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatTable } from './format-table.ts';

const t = suite('a table of admin');

t('has columns as wide as their widest cell, the head included, and no trailing space', () => {
  assert.is(
    formatTable(
      ['ID', 'NAME'],
      [
        ['a', 'longer than its head'],
        ['a-long-id', ''],
      ],
    ),
    'ID         NAME\na          longer than its head\na-long-id',
  );
});

t('is its head alone when there is nothing', () => {
  assert.is(formatTable(['ID', 'NAME'], []), 'ID  NAME');
});

t.run();
