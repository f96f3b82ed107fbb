// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faultOf, valueIn as valueWith } from './testing/read-source.ts';
import { Members, type Value } from './values.ts';

const NAMES: Readonly<Record<string, Value>> = {
  var: new Members((name) => (name === 'zones' ? { b: 2, a: 1 } : name)),
  list: ['x', 'y'],
  nothing: null,
};
const valueIn = (source: string): unknown => valueWith(source, NAMES);

const expressions = suite('expressions of Terraform');

const CASES: Readonly<Record<string, unknown>> = {
  '"a${var.name}-${1 + 2}"': 'aname-3',
  '"${list}"': ['x', 'y'],
  '"say \\"$${x}\\"\\n"': 'say "${x}"\n',
  '""': '',
  '14 * 24 * 60 * 60': 1_209_600,
  '10 - 4 - 3': 3,
  '(1 + 2) * 3': 9,
  'list[1]': 'y',
  '{ a = { b = [1] } }.a.b[0]': 1,
  '{ (var.key) = 1, plain : 2, "quoted-1" = 3 }': { key: 1, plain: 2, 'quoted-1': 3 },
  '[for key, value in var.zones : "${key}${value}"]': ['a1', 'b2'],
  '[for index, item in list : "${index}${item}" if item != "x"]': ['1y'],
  '{ for zone in keys(var.zones) : zone => var.zones[zone] if !(zone == "b") }': { a: 1 },
  '[for set in toset(["b", "a", "b"]) : set]': ['a', 'b'],
  'nothing == null ? "none" : "some"': 'none',
  'true && false || !false': true,
  '(true || true) && false': false,
  '1 < 2 && 2 >= 2': true,
  'merge({ a = 1 }, { a = 2, b = 3 })': { a: 2, b: 3 },
  'merge([{ a = 1 }, { b = 2 }]...)': { a: 1, b: 2 },
  'concat([1], [2, 3])': [1, 2, 3],
  'flatten([[1, [2]], 3])': [1, 2, 3],
  'jsonencode({ b = [true], a = "x" })': '{"a":"x","b":[true]}',
  'jsondecode("{\\"a\\":[1]}").a': [1],
  'join(",", [for shard in range(3) : tostring(shard)])': '0,1,2',
  'one([])': null,
  'replace("a:b:c", ":b:", "/")': 'a/c',
  '[1, # a comment\n 2]': [1, 2],
  // What `terraform console` 1.11 prints for each of them.
  '"a ${list[0]} b ${list[1]}"': 'a x b y',
  '" ${list[0]}"': ' x',
  '"${list[0]} "': 'x ',
  '" "': ' ',
  '" # no comment ${1} // none"': ' # no comment 1 // none',
  '"50% of $${x} %%{y}"': '50% of ${x} %{y}',
  '"\\u00e9\\U0001F44D\\\\u00e9"': 'é👍\\u00e9',
  '"a${"b${"c"}"}"': 'abc',
  '"${1 == 1}"': true,
  '"x${1.50}${true}"': 'x1.5true',
  '1 == "1"': false,
  'true == "true"': false,
  'toset(["a"]) == ["a"]': false,
  '{ a = 1, b = 2 } == { b = 2, a = 1 }': true,
  '[] == []': true,
  'nothing == "null"': false,
  'nothing == []': false,
  '1 + 2 * 3 - 4': 3,
  '2 * (3 + 4) > 13 ? "big" : "small"': 'big',
  'true ? false ? 1 : 2 : 3': 2,
  '!true || true': true,
  '1 < 2 == true': true,
  'true || false && false': true,
  'list["1"]': 'y',
  'list[length(list) - 1]': 'y',
  '((list))[1]': 'y',
  '[[1, 2], [3]][0][1]': 2,
  '{ a = nothing }.a': null,
  '{ 1 = 2 }[1]': 2,
  '{ "${list[0]}-z" = 1, true = 2, for = 3 }': { 'x-z': 1, true: 2, for: 3 },
  '{ "x" = 1, }': { x: 1 },
  '[for x in [] : x]': [],
  '[for x in list : [for x in ["b"] : x]]': [['b'], ['b']],
  '[for x in list : [for y in ["b"] : "${x}${y}"]]': [['xb'], ['yb']],
  '{ for index, item in list : item => index }': { x: 0, y: 1 },
  '[for key, zone in { 10 = "a", 9 = "b" } : "${key}${zone}"]': ['10a', '9b'],
  '[for x in [3, 1, 2] : x if x != 1][1]': 2,
  'true ? list : []': ['x', 'y'],
};
for (const [source, expected] of Object.entries(CASES)) {
  expressions(source, () => assert.equal(valueIn(source), expected));
}

const FAULTS: Readonly<Record<string, RegExp>> = {
  absent: /^x\.tf:1: nothing is called absent$/,
  'list[7]': /list\[7\] has no value/,
  'list.name': /list\.name has no value/,
  '"${list}x"': /list is no text/,
  'list ? 1 : 2': /list is neither true nor false/,
  '[for x in 3 : x]': /3 has no elements/,
  '"a" + 1': /"a" \+ 1 is not understood here/,
  'uuid()': /the function uuid is not known here/,
  'join(",", 3)': /join\(",", 3\): a list is expected/,
  'one([1, 2])': /one element at the most/,
  'replace("a", "/a+/", "b")': /no pattern/,
  '{ for x in list : x => x... }': /grouping by "\.\.\." is not understood/,
  '-list[0]': /unary_operation is not understood/,
  '"%{ if true }x%{ endif }"': /template_directive is not understood/,
  '"$$${1}"': /^x\.tf:1: "\$\$\$\{" is not understood here/,
  '"a ${~ list[0] } b"': /strip_marker is not understood here: ~$/,
  '"a ${ list[0] ~} b"': /strip_marker is not understood here: ~$/,
  'list.0': /index is not understood here: list\.0$/,
  'list[*]': /splat is not understood here: list\[\*\]$/,
  'list[0 - 1]': /list\[0 - 1\] has no value$/,
  'list[0.5]': /list\[0\.5\] has no value$/,
  'list[nothing]': /list\[nothing\] has no value$/,
  'list[""]': /list\[""\] has no value$/,
  'list[true]': /list\[true\] has no value$/,
  '{ a = 1 }.toString': /has no value$/,
  '{ a = 1 }.b': /\{ a = 1 \}\.b has no value$/,
  '"a${nothing}"': /: nothing is no text$/,
  '{ (list) = 1 }': /: list is no text$/,
  '[for x in nothing : x]': /nothing has no elements$/,
  '[for s in "abc" : s]': /"abc" has no elements$/,
  '[for x in list : x if x]': /x is neither true nor false$/,
  'nothing ? 1 : 2': /nothing is neither true nor false$/,
  '!nothing': /nothing is neither true nor false$/,
  '1 > nothing': /1 > nothing is not understood here$/,
  '"b" > "a"': /"b" > "a" is not understood here$/,
  '7 / 2': /7 \/ 2 is not understood here$/,
  '7 % 3': /7 % 3 is not understood here$/,
};
for (const [source, expected] of Object.entries(FAULTS)) {
  expressions(`${source} is a fault`, () => assert.throws(() => valueIn(source), expected));
}

expressions('evaluates only the branch that is taken', () => {
  assert.is(valueIn('true ? 1 : absent'), 1);
  assert.is(valueIn('false && absent'), false);
  assert.is(valueIn('true || absent'), true);
  assert.is(valueIn('list[0] == "x" ? "yes" : list[7]'), 'yes');
});

expressions('tells the line of the part that is wrong, not of the whole', () => {
  assert.is(
    faultOf(() => valueIn('[\n  1,\n  absent,\n]')),
    'x.tf:3: nothing is called absent',
  );
  assert.is(
    faultOf(() => valueIn('{\n  a = 1\n  b = { c = list[9] }\n}')),
    'x.tf:3: list[9] has no value',
  );
  assert.is(
    faultOf(() => valueIn('merge(\n  { a = 1 },\n  [for x in 3 : x],\n)')),
    'x.tf:3: 3 has no elements',
  );
});

expressions('quotes sixty characters of a long source, on one line', () => {
  const fault = faultOf(() => valueIn(`uuid(\n  "${'a'.repeat(80)}",\n)`));
  assert.is(fault, `x.tf:1: the function uuid is not known here: uuid( "${'a'.repeat(53)}...`);
});

expressions.run();
