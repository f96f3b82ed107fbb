import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faultOf, valueIn, withModule } from './testing/read-source.ts';
import { toJson } from './values.ts';

/** What a variable with these arguments is when a caller says `value`; undefined: says nothing. */
function variableOf(lines: string, value?: string): unknown {
  const files = {
    'main/a.tf': `module "inner" {\n  source = "../inner"\n${value === undefined ? '' : `  x = ${value}\n`}}`,
    'inner/a.tf': `variable "x" {\n${lines}\n}\noutput "x" {\n  value = var.x\n}`,
  };
  return withModule(files, (module) => toJson(module.module('inner').output('x')));
}

const OBJECT = `type = object({
  a = optional(number, 1)
  b = optional(string)
  c = optional(object({ d = optional(string, "x"), e = optional(list(string), ["y"]) }), {})
  f = optional(map(object({ g = optional(number, 7) })), {})
})`;
const DEFAULTS = { a: 1, b: null, c: { d: 'x', e: ['y'] }, f: {} };

const types = suite('a variable by its type');

// What `terraform apply` 1.11 made of each of them.
const CASES: readonly (readonly [type: string, given: string, value: unknown])[] = [
  ['string', '5', '5'],
  ['string', 'true', 'true'],
  ['number', '"5"', 5],
  ['bool', '"true"', true],
  ['any', '"5"', '5'],
  ['list(string)', '[1, true, "a"]', ['1', 'true', 'a']],
  ['list(any)', '[1]', [1]],
  ['list(string)', 'toset(["b", "a"])', ['a', 'b']],
  ['set(number)', '["10", 9, 9]', [9, 10]],
  ['set(string)', '["b", "a"]', ['a', 'b']],
  ['map(string)', '{ b = true, a = 1 }', { a: '1', b: 'true' }],
  ['map(list(number))', '{ a = ["1"] }', { a: [1] }],
  ['tuple([string, number])', '[1, "2"]', ['1', 2]],
  ['object({ a = string })', '{ a = 1, extra = 2 }', { a: '1' }],
  ['object({ a = optional(string, "x") })', '{ a = null }', { a: 'x' }],
  ['object({ a = optional(bool, false) })', '{ a = "true" }', { a: true }],
  ['list(object({ a = optional(number, 3) }))', '[{}, { a = 4 }]', [{ a: 3 }, { a: 4 }]],
  ['map(object({ a = optional(list(string), []) }))', '{ k = {} }', { k: { a: [] } }],
  ['object({ "a b" = string })', '{ "a b" = 1 }', { 'a b': '1' }],
];
for (const [type, given, value] of CASES) {
  types(`${type} makes ${JSON.stringify(value)} of ${given}`, () =>
    assert.equal(variableOf(`type = ${type}`, given), value),
  );
}

types('has the defaults of attributes that are left out, at every depth', () => {
  assert.equal(variableOf(`${OBJECT}\ndefault = {}`), DEFAULTS);
  assert.equal(variableOf(OBJECT, '{ a = null, b = null }'), DEFAULTS);
  assert.equal(
    variableOf(OBJECT, '{ a = "2", b = true, c = { d = null }, f = { k = {}, j = { g = "8" } }, extra = 1 }'),
    { a: 2, b: 'true', c: { d: 'x', e: ['y'] }, f: { j: { g: 8 }, k: { g: 7 } } },
  );
});

types('is left as it is where a conversion would lose something: that is Terraform’s to refuse', () => {
  assert.is(variableOf('type = number', '"five"'), 'five');
  assert.is(variableOf('type = number', '""'), '');
  assert.is(variableOf('type = bool', '"yes"'), 'yes');
  assert.is(variableOf('type = bool', '1'), 1);
  assert.equal(variableOf('type = list(string)', '{ a = 1 }'), { a: 1 });
});

types('applies to the default as well', () => {
  assert.is(variableOf('type = string\ndefault = 5'), '5');
  assert.equal(variableOf('type = set(string)\ndefault = ["b", "a"]'), ['a', 'b']);
});

types('is null when that is given, unless it takes no null', () => {
  assert.is(variableOf('default = 3', 'null'), null);
  assert.is(variableOf('type = string\ndefault = ""', 'null'), null);
  assert.is(variableOf('default = 3\nnullable = false', 'null'), 3);
  assert.is(variableOf('default = 3\nnullable = false', '4'), 4);
  assert.is(variableOf('default = null'), null);
});

types('is a fault at the call that says nothing of it', () => {
  assert.is(
    faultOf(() => variableOf('type = string')),
    'main/a.tf:1: the variable x is not given',
  );
  assert.is(
    faultOf(() => variableOf('type = string\nnullable = false', 'null')),
    'main/a.tf:1: the variable x is not given',
  );
});

types('has no names in its defaults', () => {
  assert.is(
    faultOf(() => variableOf('type = object({ a = optional(string, local.b) })', '{}')),
    'inner/a.tf:2: nothing is called local',
  );
  assert.is(valueIn('optional', { optional: 'only in a type' }), 'only in a type');
});

types.run();
