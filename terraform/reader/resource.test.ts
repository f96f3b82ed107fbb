// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Resource, StandIns } from './resource.ts';
import { faultOf, withModule } from './testing/read-source.ts';
import { toJson } from './values.ts';

const standIns: StandIns = {
  absentModules: {},
  data: {},
  computed: { cloud_thing: { arn: (argument) => `arn:${argument('name')}:${argument('size')}` } },
};

/** What `use` makes of the thing that is called main. */
function withThing<T>(lines: string, use: (thing: Resource) => T): T {
  const text = `resource "cloud_thing" "main" {\n${lines}\n}`;
  return withModule(
    text,
    (module) => {
      const [thing] = module.resources('cloud_thing');
      assert.ok(thing);
      return use(thing);
    },
    { standIns },
  );
}
const blocksOf = (lines: string, type: string, argument: string): unknown =>
  withThing(lines, ({ blocks }) => blocks(type).map(({ get }) => toJson(get(argument))));

const resources = suite('a resource');

resources('has members that are written, and those that AWS would make up from them', () => {
  withThing('name = "n"\nsize = 2', ({ members }) => {
    assert.is(members.get('name', ''), 'n');
    assert.is(members.get('arn', ''), 'arn:n:2');
  });
  // What is written goes before what would be made up.
  withThing('name = "n"\narn = "own"', ({ members }) => assert.is(members.get('arn', ''), 'own'));
});

resources('names the one who asks for what nobody has written or made up', () => {
  withThing('name = "n"', ({ members }) => {
    assert.is(
      faultOf(() => members.get('id', 'b.tf:9')),
      'b.tf:9: one machine has no stand-in for id of cloud_thing.main',
    );
  });
});

resources('tells an argument that is null from one that is not written', () => {
  withThing('name = null', ({ get, declares }) => {
    assert.equal([get('name'), get('other')], [null, null]);
    assert.equal([declares('name'), declares('other')], [true, false]);
  });
});

resources('has its blocks in the order in which they are written, dynamic ones among them', () => {
  const lines = `tag {
    key = "first"
  }
  dynamic "tag" {
    for_each = { b = 2, a = 1 }
    content {
      key = "\${tag.key}\${tag.value}"
    }
  }
  other {
    key = "no tag"
  }
  tag {
    key = "last"
  }`;
  assert.equal(blocksOf(lines, 'tag', 'key'), ['first', 'a1', 'b2', 'last']);
  assert.equal(blocksOf(lines, 'none', 'key'), []);
  assert.equal(blocksOf(lines, 'other', 'absent'), [null]);
});

resources('makes a dynamic block for each element, whatever has elements', () => {
  const dynamic = (over: string) =>
    `dynamic "tag" {\n  for_each = ${over}\n  content {\n    pair = [tag.key, tag.value]\n  }\n}`;
  const cases: Readonly<Record<string, unknown>> = {
    '["x", "y"]': [
      [0, 'x'],
      [1, 'y'],
    ],
    'toset(["y", "x"])': [
      ['x', 'x'],
      ['y', 'y'],
    ],
    '{ a = { n = 1 } }': [['a', { n: 1 }]],
    '[]': [],
    'false ? ["x"] : []': [],
  };
  for (const [over, pairs] of Object.entries(cases)) {
    assert.equal(blocksOf(dynamic(over), 'tag', 'pair'), pairs, over);
  }
});

resources('lets a dynamic block see what is around it', () => {
  const lines = `for_each = toset(["k"])
  dynamic "tag" {
    for_each = [1]
    content {
      key = "\${each.key}\${tag.value}"
    }
  }`;
  assert.equal(blocksOf(lines, 'tag', 'key'), ['k1']);
});

const FAULTS: Readonly<Record<string, readonly [lines: string, fault: string]>> = {
  'without content': [
    'dynamic "tag" {\n  for_each = [1]\n}',
    'main/a.tf:2: dynamic "tag" needs for_each and content',
  ],
  'over nothing': [
    'dynamic "tag" {\n  content {\n    key = 1\n  }\n}',
    'main/a.tf:2: dynamic "tag" needs for_each and content',
  ],
  'over a text': [
    'dynamic "tag" {\n  for_each = "ab"\n  content {}\n}',
    'main/a.tf:2: dynamic "tag" needs for_each and content',
  ],
  'whose element is called something else': [
    'dynamic "tag" {\n  for_each = [1]\n  iterator = it\n  content {\n    key = it.value\n  }\n}',
    'main/a.tf:6: nothing is called it',
  ],
};
for (const [what, [lines, fault]] of Object.entries(FAULTS)) {
  resources(`refuses a dynamic block ${what}`, () =>
    assert.is(
      faultOf(() => blocksOf(lines, 'tag', 'key')),
      fault,
    ),
  );
}

resources.run();
