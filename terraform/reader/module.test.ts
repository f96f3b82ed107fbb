// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { byModule, moduleNameOf } from './by-module.ts';
import { jsonFact, numberFact, requireFact, textFact, textsFact } from './fact.ts';
import { createModule, type Module } from './module.ts';
import { createModuleReader } from './module-source.ts';
import { createTerraformParser } from './parse.ts';
import type { StandIns } from './resource.ts';
import { toJson, type ValueMap } from './values.ts';

const STAND_INS: StandIns = {
  absentModules: { gone: { address: 'nowhere' } },
  data: { cloud_account: { id: 'account-1' } },
  computed: { cloud_thing: { arn: (argument) => `arn:${argument('name')}` } },
};
const parse = await createTerraformParser();
let root: string;

/** The module `main`, of the files that a test writes. Nothing here knows AWS. */
function plan(files: Readonly<Record<string, string>>, inputs: ValueMap = {}): Module {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  }
  const read = createModuleReader(parse, root);
  const options = { address: '', at: 'main', standIns: STAND_INS, read };
  return createModule({ ...options, source: read(join(root, 'main')), input: (name) => inputs[name] });
}
const outputOf = (text: string, inputs?: ValueMap) => toJson(plan({ 'main/a.tf': text }, inputs).output('x'));
const thingsOf = (text: string) => plan({ 'main/a.tf': text }).resources('cloud_thing');

const t = suite('a module');
t.before.each(() => {
  root = mkdtempSync(join(tmpdir(), 'module-'));
});
t.after.each(() => rmSync(root, { recursive: true }));

t('has its variables as they are given, their defaults, and the defaults of their attributes', () => {
  const text = `
variable "name" { type = string }
variable "size" { default = 3 }
variable "limits" { type = object({ a = optional(number, 1), b = optional(string), c = list(string) }) }
output "x" { value = [var.name, var.size, var.limits] }`;
  assert.equal(outputOf(text, { name: 7, limits: { c: [1] } }), ['7', 3, { a: 1, b: null, c: ['1'] }]);
  assert.throws(() => outputOf(text), /main: the variable name is not given$/);
  assert.throws(() => outputOf('output "x" { value = var.y }'), /a\.tf:1: there is no variable y$/);
});

t('knows of AWS what it is handed, and nothing else', () => {
  assert.is(outputOf('output "x" { value = data.cloud_account.current.id }'), 'account-1');
  assert.is(outputOf('output "x" { value = module.gone.address }'), 'nowhere');
  const thing = 'resource "cloud_thing" "main" { name = "n" }\n';
  assert.is(outputOf(`${thing}output "x" { value = cloud_thing.main.arn }`), 'arn:n');
  assert.throws(
    () => outputOf(`${thing}output "x" { value = cloud_thing.main.id }`),
    /one machine has no stand-in for id of cloud_thing\.main$/,
  );
  assert.throws(
    () => outputOf('output "x" { value = data.cloud_zone.a.id }'),
    /one machine has no stand-in for data\.cloud_zone$/,
  );
});

t('has resources by count and for_each, each with its address', () => {
  const addresses = thingsOf(`
resource "cloud_thing" "one" { name = "a" }
resource "cloud_thing" "some" {
  count = 2
  name = "b\${count.index}"
}
resource "cloud_thing" "named" {
  for_each = { y = 1, x = 2 }
  name = "\${each.key}\${each.value}"
}
resource "cloud_other" "one" { name = "z" }`).map(({ address, get }) => [address, get('name')]);
  assert.equal(addresses, [
    ['cloud_thing.one', 'a'],
    ['cloud_thing.some[0]', 'b0'],
    ['cloud_thing.some[1]', 'b1'],
    ['cloud_thing.named["x"]', 'x2'],
    ['cloud_thing.named["y"]', 'y1'],
  ]);
});

t('has the modules within it, with what they are told and what they answer', () => {
  const module = plan({
    'main/a.tf': `
module "inner" {
  source = "../inner"
  for_each = toset(["p", "q"])
  name = each.key
}
module "gone" { source = "../gone" }
output "x" { value = module.inner["q"].shout }`,
    'inner/a.tf': `
variable "name" {}
resource "cloud_thing" "main" { name = var.name }
output "shout" { value = "\${var.name}!" }`,
  });
  assert.is(module.output('x'), 'q!');
  assert.equal(
    module.resources('cloud_thing').map(({ address }) => address),
    ['module.inner["p"].cloud_thing.main', 'module.inner["q"].cloud_thing.main'],
  );
  assert.throws(() => module.module('inner'), /module\.inner is not one module$/);
  assert.throws(() => module.module('none'), /there is no module\.none$/);
  assert.throws(() => module.output('y'), /has no output y$/);
});

t('reads modules of this repository only, and no folder without one', () => {
  const far = plan({ 'main/a.tf': 'module "far" { source = "registry/far" }' });
  assert.throws(() => far.module('far'), /a\.tf:1: only modules of this repository are read$/);
  const none = plan({ 'main/a.tf': 'module "none" { source = "../none" }' });
  assert.throws(() => none.module('none'), /none: there is no module$/);
});

t('evaluates nothing that is not asked for', () => {
  const [thing] = thingsOf('resource "cloud_thing" "main" {\n  name = "n"\n  odd = what_is_this(1)\n}');
  assert.is(thing?.get('name'), 'n');
  assert.is(thing?.get('left_out'), null);
  assert.equal([thing?.declares('odd'), thing?.declares('left_out')], [true, false]);
  assert.throws(() => thing?.get('odd'), /the function what_is_this is not known here/);
});

t.run();

const facts = suite('a fact');
facts.before.each(() => {
  root = mkdtempSync(join(tmpdir(), 'module-'));
});
facts.after.each(() => rmSync(root, { recursive: true }));

facts('is of the kind that is wanted, or a fault that says where', () => {
  const [thing] = thingsOf(
    'resource "cloud_thing" "main" {\n  name = "n"\n  size = 3\n  json = "[1]"\n  tags = { a = 1, b = true }\n  bad = { a = [] }\n}',
  );
  assert.ok(thing);
  assert.is(textFact(thing, 'name'), 'n');
  assert.is(numberFact(thing, 'size'), 3);
  assert.is(numberFact(thing, 'left_out', 5), 5);
  assert.equal(jsonFact(thing, 'json'), [1]);
  assert.equal(textsFact(thing, 'tags'), { a: '1', b: 'true' });
  requireFact(thing, 'size', 3);
  const faults: readonly (readonly [() => unknown, RegExp])[] = [
    [() => textFact(thing, 'size'), /a\.tf:1: cloud_thing\.main: size is no text$/],
    [() => numberFact(thing, 'name'), /name is no number$/],
    [() => jsonFact(thing, 'name'), /name is no JSON$/],
    [() => textsFact(thing, 'name'), /name is no map$/],
    [() => textsFact(thing, 'bad'), /bad: a is no text$/],
    [() => requireFact(thing, 'size', 4), /one machine can only do size = 4$/],
  ];
  for (const [read, message] of faults) assert.throws(read, message);
});

facts('is kept by the name of its module', () => {
  const names = {
    'module.api_keys.aws_dynamodb_table.main': 'apiKeys',
    'module.contexts_bucket.aws_s3_bucket.main': 'contexts',
    'module.ready_signal.aws_sns_topic.main': 'ready',
    'module.inner["x"].module.more.cloud_thing.main': 'inner["x"]',
    'aws_cloudwatch_event_bus.web_hooks[0]': 'webHooks',
  };
  for (const [address, name] of Object.entries(names)) assert.is(moduleNameOf({ address }), name, address);
  const platform = plan({ 'main/a.tf': 'resource "cloud_thing" "a" { name = "n" }' });
  const resources = platform.resources('cloud_thing');
  assert.equal(
    byModule(platform, { resources, known: ['a'] }, (each) => each.get('name')),
    { a: 'n' },
  );
  assert.throws(
    () => byModule(platform, { resources, known: ['b'] }, () => 0),
    /main: one machine looks for b, and there is a$/,
  );
  const twice = [...resources, ...resources];
  assert.throws(() => byModule(platform, { resources: twice, known: [] }, () => 0), /another one, also a$/);
});

facts.run();
