// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faultOf, withModule } from './testing/read-source.ts';
import { toJson } from './values.ts';

/** Addresses and names of the things in a text, in order. */
const thingsOf = (text: string) =>
  withModule(text, (module) =>
    module.resources('cloud_thing').map(({ address, get }) => [address, toJson(get('name'))]),
  );
const outputOf = (text: string) => withModule(text, (module) => toJson(module.output('x')));
const thing = (lines: string, name = 'main') => `resource "cloud_thing" "${name}" {\n${lines}\n}\n`;

const instances = suite('instances of a block');

instances('are as many as count says, none for 0', () => {
  assert.equal(thingsOf(thing('count = 2\nname = count.index')), [
    ['cloud_thing.main[0]', 0],
    ['cloud_thing.main[1]', 1],
  ]);
  assert.equal(thingsOf(thing('count = 1 > 2 ? 1 : 0\nname = "a"')), []);
});

instances('are one for each key of a map or element of a set, in the order of the keys', () => {
  assert.equal(thingsOf(thing('for_each = { 9 = "x", 10 = "y" }\nname = "${each.key}-${each.value}"')), [
    ['cloud_thing.main["10"]', '10-y'],
    ['cloud_thing.main["9"]', '9-x'],
  ]);
  assert.equal(thingsOf(thing('for_each = toset(["b", "a"])\nname = "${each.key}-${each.value}"')), [
    ['cloud_thing.main["a"]', 'a-a'],
    ['cloud_thing.main["b"]', 'b-b'],
  ]);
  const nested = 'for_each = { a = { n = [1, 2] } }\nname = each.value.n[1]';
  assert.equal(thingsOf(thing(nested)), [['cloud_thing.main["a"]', 2]]);
});

instances('know each and count only where there are several', () => {
  assert.is(
    faultOf(() => thingsOf(thing('name = each.key'))),
    'main/a.tf:2: nothing is called each',
  );
  assert.is(
    faultOf(() => thingsOf(thing('for_each = { a = 1 }\nname = count.index'))),
    'main/a.tf:3: nothing is called count',
  );
  assert.is(
    faultOf(() => thingsOf(thing('count = 1\nname = count.value'))),
    'main/a.tf:3: count.value has no value',
  );
});

instances('are refused for what neither counts nor has keys', () => {
  const faults: Readonly<Record<string, string>> = {
    'for_each = ["a"]': 'for_each is neither a map nor a set',
    'for_each = "a"': 'for_each is neither a map nor a set',
    'for_each = null': 'for_each is neither a map nor a set',
    'count = "2"': 'count is no number',
    'count = true': 'count is no number',
    'count = null': 'count is no number',
  };
  for (const [line, what] of Object.entries(faults)) {
    assert.is(
      faultOf(() => thingsOf(thing(line))),
      `main/a.tf:2: ${what}`,
    );
  }
});

instances('are referred to as one, as a list or as a map', () => {
  const things = [
    thing('name = "one"', 'one'),
    thing('count = 2\nname = "n${count.index}"', 'listed'),
    thing('for_each = { b = 1, a = 2 }\nname = "k${each.value}"', 'keyed'),
  ].join('');
  const outputs: Readonly<Record<string, unknown>> = {
    'cloud_thing.one.name': 'one',
    'cloud_thing.listed[1].name': 'n1',
    '[for each in cloud_thing.listed : each.name]': ['n0', 'n1'],
    'cloud_thing.keyed["a"].name': 'k2',
    '{ for key, each in cloud_thing.keyed : key => each.name }': { a: 'k2', b: 'k1' },
    'length(cloud_thing.keyed)': 2,
    'one(cloud_thing.listed[0].name == "n0" ? ["yes"] : [])': 'yes',
  };
  for (const [source, value] of Object.entries(outputs)) {
    assert.equal(outputOf(`${things}output "x" { value = ${source} }`), value, source);
  }
  assert.is(
    faultOf(() => outputOf(`${things}output "x" { value = cloud_thing.listed[2].name }`)),
    'main/a.tf:12: cloud_thing.listed[2].name has no value',
  );
  assert.match(
    faultOf(() => outputOf(`${things}output "x" { value = cloud_thing.listed.name }`)),
    /cloud_thing\.listed\.name has no value$/,
  );
});

// As `terraform apply` answers: keys([]) would be refused.
instances('are an empty map or an empty list when there are none', () => {
  const none = `${thing('for_each = {}', 'keyed')}${thing('count = 0', 'listed')}`;
  const outputs: Readonly<Record<string, unknown>> = {
    'keys(cloud_thing.keyed)': [],
    'values(cloud_thing.keyed)': [],
    'merge(cloud_thing.keyed, { a = 1 })': { a: 1 },
    'concat(cloud_thing.listed, [1])': [1],
    'one(cloud_thing.listed)': null,
  };
  for (const [source, value] of Object.entries(outputs)) {
    assert.equal(outputOf(`${none}output "x" { value = ${source} }`), value, source);
  }
});

instances.run();
