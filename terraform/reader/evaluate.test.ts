// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluate, type Scope } from './evaluate.ts';
import { createTerraformParser } from './parse.ts';
import { Members, toJson, type Value } from './values.ts';

const parse = await createTerraformParser();
const NAMES: Readonly<Record<string, Value>> = {
  var: new Members((name) => (name === 'zones' ? { b: 2, a: 1 } : name)),
  list: ['x', 'y'],
  nothing: null,
};
const scope: Scope = (name) => NAMES[name];

function valueIn(source: string): unknown {
  const expression = parse('x.tf', `value = ${source}\n`).attributes.get('value')?.();
  assert.ok(expression, source);
  return toJson(evaluate(expression, scope));
}

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
};
for (const [source, expected] of Object.entries(FAULTS)) {
  expressions(`${source} is a fault`, () => assert.throws(() => valueIn(source), expected));
}

expressions.run();
