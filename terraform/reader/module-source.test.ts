// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createModuleReader } from './module-source.ts';
import { faultOf, parse, withModule } from './testing/read-source.ts';

let root: string;

const sources = suite('the source of a module');
sources.before.each(() => {
  root = mkdtempSync(join(tmpdir(), 'source-'));
  mkdirSync(join(root, 'a'));
});
sources.after.each(() => rmSync(root, { recursive: true }));

sources('is all of its .tf files, and nothing below or beside them', () => {
  const files: Readonly<Record<string, string>> = {
    'main.tf': 'resource "cloud_thing" "main" {}\nlocals {\n  one = 1\n}\n',
    'more.tf': 'resource "cloud_thing" "more" {}\nlocals {\n  two = 2\n}\nmodule "inner" {}\n',
    'variables.tf': 'variable "name" {}\n',
    'outputs.tf': 'output "name" {}\n',
    'notes.tf.txt': 'this is no Terraform',
    'a.tftest.hcl': 'run "x" {}\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'a', name), text);
  mkdirSync(join(root, 'a/tests'));
  writeFileSync(join(root, 'a/tests/t.tf'), 'variable "of_a_test" {}\n');
  const source = createModuleReader(parse, root)(join(root, 'a'));
  assert.equal([...source.resources.keys()], ['cloud_thing.main', 'cloud_thing.more']);
  assert.equal([...source.locals.keys()], ['one', 'two']);
  assert.equal([...source.modules.keys()], ['inner']);
  assert.equal([...source.variables.keys()], ['name']);
  assert.equal([...source.outputs.keys()], ['name']);
  assert.is(source.resources.get('cloud_thing.more')?.at, 'a/more.tf:1');
});

sources('is read once, however often it is used', () => {
  writeFileSync(join(root, 'a/main.tf'), 'variable "x" {}\n');
  let parsed = 0;
  const read = createModuleReader((path, text) => {
    parsed += 1;
    return parse(path, text);
  }, root);
  assert.is(read(join(root, 'a')), read(join(root, 'a')));
  assert.is(parsed, 1);
});

sources('is missed where there is no folder or no file, by its path from the root', () => {
  const read = createModuleReader(parse, root);
  for (const name of ['a', 'nowhere/deep'])
    assert.is(
      faultOf(() => read(join(root, name))),
      `${name}: there is no module`,
    );
});

sources('is not remembered when it cannot be read', () => {
  const read = createModuleReader(parse, root);
  writeFileSync(join(root, 'a/main.tf'), 'variable "x" {\n');
  assert.match(
    faultOf(() => read(join(root, 'a'))),
    /^a\/main\.tf:\d: this is no Terraform$/,
  );
  writeFileSync(join(root, 'a/main.tf'), 'variable "x" {}\n');
  assert.ok(read(join(root, 'a')).variables.has('x'));
});

sources.run();

// ---

const modules = suite('a module within a module');
const outputOf = (files: Readonly<Record<string, string>>) =>
  withModule(files, (module) => module.output('x'));

modules('is evaluated with its own names, in its own folder', () => {
  const files = {
    'main/a.tf':
      'locals {\n  a = "outer"\n}\nmodule "inner" {\n  source = "../inner"\n}\noutput "x" {\n  value = module.inner.a\n}',
    'inner/a.tf': 'module "deep" {\n  source = "./deep"\n}\noutput "a" {\n  value = module.deep.a\n}',
    'inner/deep/a.tf': 'locals {\n  a = "deep"\n}\noutput "a" {\n  value = local.a\n}',
  };
  assert.is(outputOf(files), 'deep');
});

modules('may be told what another one answers, and not what it answers itself', () => {
  const call = (name: string, of: string) =>
    `module "${name}" {\n  source = "../inner"\n  a = module.${of}.b\n}\n`;
  const inner = 'variable "a" {}\noutput "b" {\n  value = "${var.a}!"\n}';
  const first = 'module "first" {\n  source = "../inner"\n  a = "x"\n}\n';
  const output = 'output "x" {\n  value = module.second.b\n}';
  assert.is(outputOf({ 'main/a.tf': first + call('second', 'first') + output, 'inner/a.tf': inner }), 'x!!');
  const circle = call('first', 'second') + call('second', 'first') + output;
  assert.match(
    faultOf(() => outputOf({ 'main/a.tf': circle, 'inner/a.tf': inner })),
    /^inner\/a\.tf:3: a needs itself$/,
  );
});

modules('is a fault where it names no folder, or asks for what is not there', () => {
  const faults: Readonly<Record<string, string>> = {
    '"registry/inner"': 'main/a.tf:1: only modules of this repository are read',
    '"git::https://example.com/inner.git"': 'main/a.tf:1: only modules of this repository are read',
    5: 'main/a.tf:1: only modules of this repository are read',
    '"../nowhere"': 'nowhere: there is no module',
  };
  for (const [source, fault] of Object.entries(faults)) {
    const files = {
      'main/a.tf': `module "inner" {\n  source = ${source}\n}\noutput "x" {\n  value = module.inner.a\n}`,
    };
    assert.is(
      faultOf(() => outputOf(files)),
      fault,
    );
  }
  const asks = (value: string) => ({
    'main/a.tf': `module "inner" {\n  source = "../inner"\n}\noutput "x" {\n  value = ${value}\n}`,
    'inner/a.tf': 'locals {}',
  });
  assert.is(
    faultOf(() => outputOf(asks('module.inner.a'))),
    'main/a.tf:1: module.inner has no output a',
  );
  assert.is(
    faultOf(() => outputOf(asks('module.other.a'))),
    'main/a.tf:5: there is no module.other',
  );
  assert.is(
    faultOf(() => outputOf(asks('cloud_thing.main.a'))),
    'main/a.tf:5: nothing is called cloud_thing',
  );
});

modules.run();
