import stringWidth from 'string-width';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatTable } from './format-table.ts';

const t = suite('a table of admin');

t('has columns as wide as their widest cell, the head included, and no trailing space', () => {
  assert.is(
    formatTable({
      head: ['ID', 'NAME'],
      rows: [
        ['a', 'longer than its head'],
        ['a-long-id', ''],
      ],
    }),
    'ID         NAME\na          longer than its head\na-long-id',
  );
});

t('is its head alone when there is nothing', () => {
  assert.is(formatTable({ head: ['ID', 'NAME'], rows: [] }), 'ID  NAME');
});

const WIDE = { head: ['ID', 'NAME', 'END'], rows: [['id-1', '商店 '.repeat(20), 'x']], elastic: ['NAME'] };

t('fits a terminal by cutting what people read, and not what they paste', () => {
  const lines = formatTable(WIDE, 30).split('\n');
  for (const line of lines) assert.ok(stringWidth(line) <= 30, line);
  assert.match(lines[1] ?? '', /^id-1 {2}商店.*… +x$/);
  assert.ok(
    stringWidth(formatTable(WIDE).split('\n')[1] ?? '') > 100,
    'and cuts nothing where there is no terminal',
  );
});

t('fits a terminal that is too narrow for all of it, too', () => {
  for (const width of [1, 5, 12])
    for (const line of formatTable(WIDE, width).split('\n')) assert.ok(stringWidth(line) <= width, line);
});

t('shows no character that would act on a terminal', () => {
  const rows = [['a\u001b[31mb', 'x\u202ey\nz']];
  assert.is(formatTable({ head: ['A', 'B'], rows }).split('\n')[1], 'a\ufffd[31mb  x\ufffdy\ufffdz');
});

t.run();
