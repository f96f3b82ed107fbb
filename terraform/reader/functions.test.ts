// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FUNCTIONS } from './functions.ts';
import { faultOf, valueIn } from './testing/read-source.ts';
import { Members } from './values.ts';

const functions = suite('functions of Terraform');

// What `terraform console` 1.11 prints for each of them.
const CASES: Readonly<Record<string, unknown>> = {
  'concat(["a"], [])': ['a'],
  'concat([["a"], ["b"]]...)': ['a', 'b'],
  'contains(["1"], 1)': false,
  'contains([{ a = 1 }], { a = 1 })': true,
  'contains(toset(["a"]), "a")': true,
  'contains([], 1)': false,
  'startswith("p95", "p")': true,
  'startswith("Sum", "p")': false,
  'flatten([[1, [2, [3]]], []])': [1, 2, 3],
  'flatten([{ a = [1] }, [2]])': [{ a: [1] }, 2],
  'flatten([toset(["b", "a"]), ["c"]])': ['a', 'b', 'c'],
  'join(",", [1, true, "x"])': '1,true,x',
  'join(",", ["a"], ["b", "c"])': 'a,b,c',
  'join(",", [])': '',
  'join(",", toset(["b", "a"]))': 'a,b',
  'jsondecode("{\\"a\\":[1,null,true]}")': { a: [1, null, true] },
  'jsondecode("null")': null,
  'jsonencode(null)': 'null',
  'jsonencode(1.0)': '1',
  'jsonencode({ b = null })': '{"b":null}',
  'jsonencode({ Z = 1, a = 2, _ = 3, "é" = 4 })': '{"Z":1,"_":3,"a":2,"é":4}',
  'jsonencode({ 9 = 2, 10 = 1, a = 3 })': '{"10":1,"9":2,"a":3}',
  'jsonencode(toset(["b", "a"]))': '["a","b"]',
  'jsonencode("<&>")': '"\\u003c\\u0026\\u003e"',
  'jsonencode("\\u2028")': '"\\u2028"',
  'jsonencode("a\\"b\\\\c\\n/é")': '"a\\"b\\\\c\\n/é"',
  'keys({ 2 = "a", 10 = "b" })': ['10', '2'],
  'keys({ Z = 1, a = 1, _ = 1 })': ['Z', '_', 'a'],
  'length({})': 0,
  'length(toset(["a", "a"]))': 1,
  'length("héllo")': 5,
  'length("👍")': 1,
  'length("e\\u0301")': 1,
  'merge()': {},
  'merge({ a = 1 }, null)': { a: 1 },
  'merge({ a = { x = 1 } }, { a = { y = 2 } })': { a: { y: 2 } },
  'merge([]...)': {},
  'one(toset(["a"]))': 'a',
  'one([null])': null,
  'one([[]])': [],
  'range(0)': [],
  'replace("aaa", "a", "b")': 'bbb',
  'replace("a-b", "-", "$&$1")': 'a$&$1b',
  'replace("a/b", "/", "-")': 'a-b',
  'replace("abc", "", "-")': '-a-b-c-',
  'replace(1, 1, 2)': '2',
  'sensitive("a")': 'a',
  'tolist(["a", true, 1, null])': ['a', 'true', '1', null],
  'tolist(toset(["b", "a"]))': ['a', 'b'],
  'tomap({ a = 1, b = "x" })': { a: '1', b: 'x' },
  'tomap({ a = 1, b = 2 })': { a: 1, b: 2 },
  'toset([10, 9, 1, 9])': [1, 9, 10],
  'toset([2, "1"])': ['1', '2'],
  'toset(["10", "9", "B", "a"])': ['10', '9', 'B', 'a'],
  'toset([true, false])': [false, true],
  'tostring(true)': 'true',
  'tostring(1.50)': '1.5',
  'tostring(null)': null,
  'values({ b = 1, a = 2 })': [2, 1],
  'values({ 10 = "x", 9 = "y" })': ['x', 'y'],
};
for (const [source, expected] of Object.entries(CASES)) {
  functions(source, () => assert.equal(valueIn(source), expected));
}

// What Terraform refuses as well, or what would be another value there: never a wrong one in silence.
const FAULTS: Readonly<Record<string, string>> = {
  'concat(null)': 'a list is expected',
  'concat(["a"], "b")': 'a list is expected',
  'contains({ a = 1 }, 1)': 'a list is expected',
  'flatten({})': 'a list is expected',
  'join(",", ["a", null])': 'a text is expected',
  'join(",", [["a"]])': 'a text is expected',
  'keys([])': 'a map is expected',
  'values(null)': 'a map is expected',
  'length(5)': 'a list, a map or a text is expected',
  'length(null)': 'a list, a map or a text is expected',
  'merge(["a"])': 'a map is expected',
  'one(["a", "b"])': 'one element at the most is expected',
  'one("a")': 'a list is expected',
  'range(1, 4)': 'one whole number is expected',
  'range(2.5)': 'one whole number is expected',
  'range(1 - 3)': 'one whole number is expected',
  'range("3")': 'one whole number is expected',
  'replace("abc", "/b/", "x")': 'a plain text is expected, no pattern',
  'tomap(["a"])': 'a map is expected',
  'toset("a")': 'a list is expected',
  'tostring([])': 'a text is expected',
};
for (const [source, why] of Object.entries(FAULTS)) {
  functions(`${source} is a fault`, () =>
    assert.is(
      faultOf(() => valueIn(source)),
      `x.tf:1: ${source}: ${why}`,
    ),
  );
}

functions('say where the JSON is that cannot be decoded', () => {
  for (const text of ['', '{', '{} x'])
    assert.match(
      faultOf(() => valueIn('jsondecode(text)', { text })),
      /^x\.tf:1: jsondecode\(text\): .*JSON/,
    );
});

functions('write no module and no resource as JSON', () => {
  const names = { thing: new Members(() => 'x') };
  assert.is(
    faultOf(() => valueIn('jsonencode({ a = [thing] })', names)),
    'x.tf:1: jsonencode({ a = [thing] }): a value that can be written is expected',
  );
  assert.is(valueIn('jsonencode(thing.name)', names), '"x"');
});

functions('are those of Terraform and none of JavaScript', () => {
  for (const name of ['toString', 'constructor', 'hasOwnProperty', '__proto__']) {
    assert.is(
      faultOf(() => valueIn(`${name}(1)`)),
      `x.tf:1: the function ${name} is not known here: ${name}(1)`,
    );
  }
  assert.ok(Object.keys(FUNCTIONS).every((name) => /^[a-z]+$/.test(name)));
});

functions('take the elements of a list as arguments only where three dots say so', () => {
  const names = { lists: [['a'], ['b']] };
  assert.equal(valueIn('concat(lists...)', names), ['a', 'b']);
  assert.equal(valueIn('concat(lists)', names), [['a'], ['b']]);
  assert.equal(valueIn('merge({ z = 0 }, maps...)', { maps: [{ a: 1 }, { z: 2 }] }), { z: 2, a: 1 });
  assert.equal(valueIn('concat(set...)', { set: new Set([['x'], ['y']]) }), ['x', 'y']);
});

functions.run();
