import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { render } from './answer.ts';
import { formatCsv } from './format-csv.ts';
import { printable, printableJson } from './printable.ts';

const HOSTILE = 'a\u001b[31m\u009b\u202e\u2028\u{e0041}\ud800"\nz 商店 🛒';

const t = suite('what admin prints');

t('leaves alone what can be read, and acts on no terminal', () => {
  assert.is(printable('Shop 商店 🛒'), 'Shop 商店 🛒');
  assert.is(printable('a\u001b[31m\u202ez\n'), 'a\ufffd[31m\ufffdz\ufffd');
});

t('is JSON of the very same value, without a character that acts', () => {
  const value = { [HOSTILE]: [HOSTILE, { nested: 1 }], none: null };
  const text = printableJson(value);
  assert.equal(JSON.parse(text), value);
  assert.not.match(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
});

t('keeps the lines of a sentence, and nothing else that acts', () => {
  assert.is(render({ json: 0, text: 'one\ntwo\u0007' }, { as: 'text' }), 'one\ntwo\ufffd');
});

t('quotes in CSV what would be read as something else', () => {
  assert.is(formatCsv(['a', 'b,c'], [['x"y', 'line\nbreak']]), 'a,"b,c"\r\n"x""y","line\nbreak"');
});

t.run();
