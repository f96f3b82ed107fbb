// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Expression } from './expression.ts';
import { expressionIn, faultOf, parse } from './testing/read-source.ts';

/** An expression without where it stands, as nested lists: short enough for a table. */
function shapeOf(expression: Expression): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'name':
      return `@${expression.name}`;
    case 'template':
      return ['template', ...expression.parts.map(shapeOf)];
    case 'list':
      return ['list', ...expression.items.map(shapeOf)];
    case 'object':
      return ['object', ...expression.entries.map(([key, value]) => [shapeOf(key), shapeOf(value)])];
    case 'member':
      return ['member', shapeOf(expression.of), shapeOf(expression.key)];
    case 'call':
      return [
        `${expression.name}()`,
        ...expression.args.map(shapeOf),
        ...(expression.isExpanded ? ['...'] : []),
      ];
    case 'condition':
      return ['?', shapeOf(expression.test), shapeOf(expression.yes), shapeOf(expression.no)];
    case 'binary':
      return [expression.operator, ...expression.operands.map(shapeOf)];
    case 'not':
      return ['!', shapeOf(expression.operand)];
    case 'for': {
      const { names, over, key, value, condition } = expression;
      const parts = [key, value, condition].map((part) => part && shapeOf(part));
      return ['for', names.join(), shapeOf(over), ...parts];
    }
    case 'unknown':
      return ['unknown', expression.syntax];
  }
}

const expressions = suite('syntax as an expression');

const SHAPES: Readonly<Record<string, unknown>> = {
  'a.b["c"][0].d': ['member', ['member', ['member', ['member', '@a', 'b'], ['template', 'c']], 0], 'd'],
  'a[b.c]': ['member', '@a', ['member', '@b', 'c']],
  '(a.b).c': ['member', ['member', '@a', 'b'], 'c'],
  'f(a, g(1)...)': ['f()', '@a', ['g()', 1], '...'],
  'f()': ['f()'],
  '1 - 2 - 3': ['-', ['-', 1, 2], 3],
  '1 + 2 * 3': ['+', 1, ['*', 2, 3]],
  '(1 + 2) * 3': ['*', ['+', 1, 2], 3],
  'a.b == c.d && !e': ['&&', ['==', ['member', '@a', 'b'], ['member', '@c', 'd']], ['!', '@e']],
  '!a.b[0]': ['!', ['member', ['member', '@a', 'b'], 0]],
  'a /* why */ + b': ['+', '@a', '@b'],
  'a ? b ? 1 : 2 : 3': ['?', '@a', ['?', '@b', 1, 2], 3],
  '{ a = b, (c) = d, "e" : f }': ['object', ['a', '@b'], ['@c', '@d'], [['template', 'e'], '@f']],
  '{}': ['object'],
  '[a, # why\n b,]': ['list', '@a', '@b'],
  '[for k, v in a : v if k]': ['for', 'k,v', '@a', undefined, '@v', '@k'],
  '{ for v in a : v => 1 }': ['for', 'v', '@a', '@v', 1, undefined],
  '"a ${b}\\t"': ['template', 'a', ' ', '@b', '\t'],
  '"${a}"': ['template', '@a'],
  null: null,
  false: false,
  '0.5': 0.5,
};
for (const [source, shape] of Object.entries(SHAPES)) {
  expressions(source, () => assert.equal(shapeOf(expressionIn(source)), shape));
}

// Each of them is a fault where somebody asks for its value, and nowhere else.
const UNKNOWN: Readonly<Record<string, string>> = {
  '-a': 'unary_operation',
  '<<EOT\na\nEOT': 'heredoc_template',
  '<<-EOT\n  a ${b}\n  EOT': 'heredoc_template',
  'a[*]': 'splat',
  'a.*.id': 'splat',
  'a.0': 'index',
  '{ for x in a : x => x... }': 'grouping by "..."',
};
for (const [source, syntax] of Object.entries(UNKNOWN)) {
  expressions(`${syntax} is not understood: ${JSON.stringify(source)}`, () =>
    assert.equal(shapeOf(expressionIn(source)), ['unknown', syntax]),
  );
}

expressions('stands at its file and line', () => {
  const { attributes } = parse('modules/a/main.tf', 'first = 1\n\n# why\nsecond = [\n  1,\n  x.y,\n]\n');
  const second = attributes.get('second')?.();
  assert.ok(second?.kind === 'list');
  assert.equal([second.at, second.items[1]?.at], ['modules/a/main.tf:4', 'modules/a/main.tf:6']);
});

expressions('quotes its source on one line, and no more than sixty characters of it', () => {
  assert.is(expressionIn('f(\n  1,\n  2\n)').source, 'f( 1, 2 )');
  assert.is(expressionIn(`"${'x'.repeat(100)}"`).source.length, 63);
});

expressions.run();

// ---

const files = suite('a file of Terraform');

files('has its attributes and blocks, with labels, nested bodies and lines', () => {
  const { attributes, blocks } = parse(
    'a.tf',
    '# why\na = 1\n\nresource "cloud_thing" "main" {\n  name = "n"\n  tag {\n    key = "k"\n  }\n}\nlocals {}\n',
  );
  assert.equal([...attributes.keys()], ['a']);
  assert.equal(
    blocks.map(({ type, labels, at }) => [type, labels, at]),
    [
      ['resource', ['cloud_thing', 'main'], 'a.tf:4'],
      ['locals', [], 'a.tf:10'],
    ],
  );
  const [tag] = blocks[0]?.body.blocks ?? [];
  assert.equal([tag?.type, tag?.at, [...(tag?.body.attributes.keys() ?? [])]], ['tag', 'a.tf:6', ['key']]);
  assert.equal(blocks[1]?.body.blocks, []);
});

files('may be empty, or hold comments only', () => {
  for (const text of ['', '\n\n', '# why\n', '/* a\n b */\n']) {
    const { attributes, blocks } = parse('a.tf', text);
    assert.equal([attributes.size, blocks.length], [0, 0], JSON.stringify(text));
  }
});

files('is refused at the line where it is no Terraform any more', () => {
  const faults: Readonly<Record<string, number>> = {
    'a = 1\nb = = 2\nc = 3\n': 2,
    'a = [1, 2\n': 2,
    'locals {\n  a = 1\n': 3,
    'a = 1\n}\n': 2,
    'a = "x\n': 2,
    'a = 1\nb = 1e3\n': 2,
  };
  for (const [text, line] of Object.entries(faults)) {
    assert.is(
      faultOf(() => parse('modules/a.tf', text)),
      `modules/a.tf:${line}: this is no Terraform`,
    );
  }
});

files.run();
