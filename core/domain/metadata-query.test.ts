import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MetadataQueryError, matchesMetadata, parseMetadataQuery } from './metadata-query.ts';

const query = suite('parseMetadataQuery');

query('reads keys, nested keys, either quote and escapes', () => {
  assert.equal(parseMetadataQuery("user_metadata['env']:'staging'"), { path: ['env'], value: 'staging' });
  assert.equal(parseMetadataQuery(`user_metadata["a"]['b'] : "it's"`), { path: ['a', 'b'], value: "it's" });
  assert.equal(parseMetadataQuery("user_metadata['a\\'b']:'c\\\\d'"), { path: ["a'b"], value: 'c\\d' });
  assert.equal(parseMetadataQuery("user_metadata['']:''"), { path: [''], value: '' });
});

query('names what is wrong and where', () => {
  for (const [source, message] of [
    ['', 'needs user_metadata at character 1'],
    ["metadata['a']:'b'", 'needs user_metadata at character 1'],
    ["user_metadata:'b'", "needs a ['key'] at character 14"],
    ["user_metadata['a]:'b'", 'needs ] at character 20'],
    ["user_metadata['a']='b'", 'needs : at character 19'],
    ["user_metadata['a']:b", 'needs a quoted text at character 20'],
    ["user_metadata['a']:'b' AND 1", 'has more text than one condition from character 23'],
    [`user_metadata${"['a']".repeat(9)}:'b'`, 'may go 8 keys deep'],
  ] as const) {
    assert.throws(
      () => parseMetadataQuery(source),
      (error: unknown) => error instanceof MetadataQueryError && error.message === message,
      source,
    );
  }
});

for (const [source, path, value] of [
  [" user_metadata['a']:'b' ", ['a'], 'b'],
  ["user_metadata['a']   :   'b'", ['a'], 'b'],
  ["user_metadata['a b']:'c:d'", ['a b'], 'c:d'],
  ["user_metadata['a]']:'[b'", ['a]'], '[b'],
  ["user_metadata['漢']:'🙂'", ['漢'], '🙂'],
  ["user_metadata['\\n']:'\\🙂'", ['n'], '🙂'],
  [`user_metadata['"']:"'"`, ['"'], "'"],
  [`user_metadata${"['a']".repeat(8)}:'b'`, Array(8).fill('a'), 'b'],
  ["user_metadata['__proto__']:'b'", ['__proto__'], 'b'],
] as const) {
  query(`reads ${source}`, () => {
    assert.equal(parseMetadataQuery(source), { path, value });
  });
}

for (const source of [
  "USER_METADATA['a']:'b'",
  "user_metadata.a:'b'",
  "user_metadata[a]:'b'",
  'user_metadata[`a`]:`b`',
  "user_metadata['a'] ['b']:'c'",
  "user_metadata[ 'a' ]:'b'",
  "user_metadata['a']:b'",
  "user_metadata['a']:'b\\'",
  "user_metadata['a']:'b' 'c'",
  "user_metadata['a']\t:'b'",
  "user_metadata['a']:",
  "user_metadata['a'",
  'user_metadata',
  '[',
  '\u0000',
]) {
  query(`does not guess what ${JSON.stringify(source)} may mean`, () => {
    assert.throws(
      () => parseMetadataQuery(source),
      (error: unknown) => error instanceof MetadataQueryError,
    );
  });
}

query('reads what is long and never closed in no time', () => {
  const startedAtMs = performance.now();
  for (const tail of ["'", '\\', "\\'", "']", "['"]) {
    const source = `user_metadata['${tail.repeat(50_000)}`;
    assert.throws(
      () => parseMetadataQuery(source),
      (error: unknown) => error instanceof MetadataQueryError,
    );
  }
  assert.ok(performance.now() - startedAtMs < 2_000);
});

query.run();

// ---

const matches = suite('matchesMetadata');

matches('is equality of strings, at the exact path, of own properties', () => {
  const metadata = { env: 'staging', nested: { a: 'b' }, number: 1, list: ['x'] };
  const check = (source: string) => matchesMetadata(parseMetadataQuery(source), metadata);
  assert.ok(check("user_metadata['env']:'staging'"));
  assert.ok(check("user_metadata['nested']['a']:'b'"));
  assert.not(check("user_metadata['env']:'Staging'"));
  assert.not(check("user_metadata['number']:'1'"));
  assert.not(check("user_metadata['constructor']['name']:'Object'"));
  assert.not(check("user_metadata['env']['length']:'7'"));
  assert.not(matchesMetadata(parseMetadataQuery("user_metadata['a']:'b'"), undefined));
});

matches.run();
