import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { boolean, ConfigError, integer, json, list, oneOf, optional, readConfig, text, url } from './env.ts';

const faultsOf = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    assert.instance(error, ConfigError);
    return (error as ConfigError).faults;
  }
  throw new Error('expected a ConfigError');
};

const read = suite('readConfig');

read('returns every value, parsed and frozen', () => {
  const config = readConfig(
    { A: 'x', B: '7', C: 'true', D: 'p, q', E: 'red', F: 'http://h:1/api/', G: '{"n":1}' },
    {
      a: ['A', text()],
      b: ['B', integer({ min: 0, max: 9 })],
      c: ['C', boolean()],
      d: ['D', list()],
      e: ['E', oneOf('red', 'green')],
      f: ['F', url('http:')],
      g: ['G', json((value) => value as { n: number })],
      h: ['H', optional(integer({ min: 0, max: 9 }), 5)],
    },
  );
  assert.equal(config, {
    a: 'x',
    b: 7,
    c: true,
    d: ['p', 'q'],
    e: 'red',
    f: 'http://h:1/api',
    g: { n: 1 },
    h: 5,
  });
  assert.ok(Object.isFrozen(config));
});

read('reports all faults together, by the name of the variable', () => {
  const faults = faultsOf(() =>
    readConfig(
      { NUMBER: '1e999', FLAG: 'yes', KIND: 'blue', LINK: 'ftp://h', DATA: '{' },
      {
        missing: ['MISSING', text()],
        number: ['NUMBER', integer({ min: 1, max: 2 })],
        flag: ['FLAG', boolean()],
        kind: ['KIND', oneOf('red', 'green')],
        link: ['LINK', url('http:', 'https:')],
        data: ['DATA', json((value) => value)],
      },
    ),
  );
  assert.equal(faults, [
    'MISSING is missing',
    'NUMBER must be a whole number from 1 to 2',
    'FLAG must be true or false',
    'KIND must be one of red, green',
    'LINK must be a URL that starts with http:// or https://',
    'DATA must be JSON',
  ]);
});

read('takes whole numbers in decimal digits only', () => {
  const parse = integer({ min: -9, max: 5000 });
  assert.equal([parse('0'), parse('-9'), parse('0042')], [0, -9, 42]);
  for (const raw of ['0x10', '1e3', ' 5', '5.0', '+5', '0b1', 'NaN', '9'.repeat(400)]) {
    assert.throws(() => parse(raw), 'must be a whole number from -9 to 5000');
  }
});

read('reports an absent number as missing, not as a bad number', () => {
  assert.equal(
    faultsOf(() => readConfig({}, { port: ['PORT', integer({ min: 0, max: 65535 })] })),
    ['PORT is missing'],
  );
});

read('never repeats a value', () => {
  const faults = faultsOf(() => readConfig({ KEY: 'hunter2' }, { key: ['KEY', oneOf('a')] }));
  assert.not.match(faults.join(), 'hunter2');
});

for (const [parser, name] of [
  [text(), 'text'],
  [integer({ min: 0, max: 9 }), 'integer'],
  [boolean(), 'boolean'],
  [list(), 'list'],
  [oneOf('a'), 'oneOf'],
  [url('http:'), 'url'],
  [json((value) => value), 'json'],
] as const) {
  read(`takes a ${name} that is empty for one that is missing, and the fallback for either`, () => {
    for (const raw of [undefined, '']) {
      assert.throws(() => parser(raw), /^is missing$/);
      assert.is((optional(parser, 'fallback') as (raw: string | undefined) => unknown)(raw), 'fallback');
    }
  });
}

for (const [raw, items] of [
  ['a', ['a']],
  [' a , b ', ['a', 'b']],
  ['a,,b,', ['a', 'b']],
  ['a b', ['a b']],
] as const) {
  read(`takes ${JSON.stringify(raw)} for the list ${items.join(' and ')}`, () => {
    assert.equal(list()(raw), items);
  });
}

read('does not take commas for a list', () => {
  assert.throws(() => list()(' , ,'), /at least one value/);
});

for (const [raw, value] of [
  ['http://h', 'http://h'],
  ['http://h///', 'http://h'],
  ['http://h/a/', 'http://h/a'],
  ['HTTP://h', 'HTTP://h'],
] as const) {
  read(`takes ${raw} for the URL ${value}`, () => {
    assert.is(url('http:')(raw), value);
  });
}

for (const raw of ['h', '//h', 'http:', 'javascript:alert(1)', 'file:///etc/passwd', 'https://h', ' ']) {
  read(`does not take ${JSON.stringify(raw)} for a URL of http`, () => {
    assert.throws(() => url('http:')(raw), /must be a URL that starts with http:\/\//);
  });
}

for (const raw of ['TRUE', 'True', '1', 'yes', ' true']) {
  read(`does not take ${JSON.stringify(raw)} for true or false`, () => {
    assert.throws(() => boolean()(raw), /must be true or false/);
  });
}

read('does not let a fallback stand for a value that is wrong', () => {
  const port = optional(integer({ min: 1, max: 9 }), 5);
  assert.throws(() => port('10'), /must be a whole number/);
  assert.is(port('9'), 9);
});

read('says what the shape of JSON lacks, and nothing of the text', () => {
  const needsName = json((value) => {
    if (!Object.hasOwn(value as object, 'name')) throw new Error('needs a name');
    return value;
  });
  const faults = faultsOf(() =>
    readConfig({ A: '{"password":"hunter2"}', B: 'hunter2' }, { a: ['A', needsName], b: ['B', needsName] }),
  );
  assert.equal(faults, ['A needs a name', 'B must be JSON']);
});

read('reads what it is told to and nothing else of the environment', () => {
  const seen: string[] = [];
  const env = new Proxy<Record<string, string>>(
    { A: 'x', SECRET: 'y' },
    {
      get(target, name) {
        seen.push(String(name));
        return target[String(name)];
      },
    },
  );
  readConfig(env, { a: ['A', text()] });
  assert.equal(seen, ['A']);
});

read.run();
