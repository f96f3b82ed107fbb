import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dataOfJson } from './page-data.ts';
import { readSchema, SchemaError } from './read-schema.ts';
import { MissingDataError, shapeBySchema } from './shape-by-schema.ts';

const shaped = (schema: object, document: unknown) => shapeBySchema(readSchema(schema), dataOfJson(document));
const of = (type: string, more: object = {}) => ({ properties: { x: { type, ...more } } });

const t = suite('data in the form of a schema');

for (const [what, schema, document, expected] of [
  ['a text', of('string'), { x: 'a' }, { x: 'a' }],
  ['a number as a text', of('string'), { x: 1.5 }, { x: '1.5' }],
  ['the name of a thing as a text', of('string'), { x: { '@type': 'Brand', name: 'Acme' } }, { x: 'Acme' }],
  ['a number', of('number'), { x: 'EUR 1,299.50 only' }, { x: 1299.5 }],
  ['a whole number', of('integer'), { x: '12' }, { x: 12 }],
  ['no whole number', of('integer'), { x: '1.5' }, {}],
  ['a truth', of('boolean'), { x: 'true' }, { x: true }],
  ['nothing', of('null'), { x: null }, { x: null }],
  ['what is not there', of('string'), {}, {}],
  ['what does not fit', of('object'), { x: 'a' }, {}],
  ['the first of several', of('string'), { x: ['a', 'b'] }, { x: 'a' }],
  ['one of several', of('array', { items: { type: 'string' } }), { x: 'a' }, { x: ['a'] }],
  [
    'a list without what does not fit',
    of('array', { items: { type: 'integer' } }),
    { x: [1, 'a', 2] },
    { x: [1, 2] },
  ],
  ['what the schema does not say', { properties: { x: {} } }, { x: [{ y: 1 }] }, { x: [{ y: 1 }] }],
  ['one of the choices', of('string', { enum: ['a'] }), { x: 'a' }, { x: 'a' }],
  ['none of the choices', of('string', { enum: ['b'] }), { x: 'a' }, {}],
  [
    'names in another case',
    { properties: { inStock: { type: 'boolean' } } },
    { 'in-stock': true },
    { inStock: true },
  ],
  [
    'objects in objects',
    of('object', { properties: { y: { type: 'string' } } }),
    { x: { y: 'a', z: 'b' } },
    { x: { y: 'a' } },
  ],
  [
    'a list at the top',
    { properties: { items: { items: { properties: { y: {} } } } } },
    [{ y: 1 }, { y: 2 }],
    { items: [{ y: 1 }, { y: 2 }] },
  ],
  ['names that objects have by themselves', { properties: { constructor: {}, toString: {} } }, {}, {}],
  ['no name of a prototype', JSON.parse('{"properties": {"__proto__": {"type": "string"}}}'), {}, {}],
] as const) {
  t(`is ${what}`, () => {
    assert.equal(shaped(schema, document), expected);
  });
}

t('names what is required and not there', () => {
  const schema = {
    required: ['a'],
    properties: { a: { properties: { b: { type: 'string' } }, required: ['b'] } },
  };
  for (const [document, place] of [
    [{}, '/a'],
    [{ a: { c: 1 } }, '/a/b'],
    [{ a: [] }, '/a'],
  ] as const)
    assert.throws(
      () => shaped(schema, document),
      (error: Error) => error instanceof MissingDataError && error.message === place,
    );
});

for (const [what, schema, message] of [
  ['a list', [], 'body/schema must be an object'],
  ['another type at the top', { type: 'array' }, 'body/schema/type must be object'],
  [
    'an unknown type',
    of('date'),
    'body/schema/properties/x/type must be one of object, array, string, number, integer, boolean, null',
  ],
  [
    'keywords that are not followed',
    of('string', { pattern: '(a+)+$' }),
    'body/schema/properties/x/pattern is not followed here',
  ],
  ['references', { $ref: '#' }, 'body/schema/$ref is not followed here'],
  ['names of prototypes as keywords', { constructor: {} }, 'body/schema/constructor is not followed here'],
  ['required without names', { required: 'x' }, 'body/schema/required must be a list of names'],
  [
    'too many choices',
    of('string', { enum: Array(101).fill(1) }),
    'body/schema/properties/x/enum must be a list of at most 100 values',
  ],
  ['properties that are none', { properties: [] }, 'body/schema/properties must be an object'],
] as const) {
  t(`is not asked for by ${what}`, () => {
    assert.throws(
      () => readSchema(schema),
      (error: Error) => error instanceof SchemaError && error.message === message,
    );
  });
}

t('is bounded: the depth, the parts, and what comes of them', () => {
  let deep: object = {};
  for (let level = 0; level < 12; level += 1) deep = { items: deep };
  assert.throws(() => readSchema({ properties: { x: deep } }), /nested more than 10 deep/);
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`x${'_'.repeat(at)}`, {}]));
  assert.throws(() => readSchema({ properties: many }), /at most 500 parts/);
  delete many.x;
  const nested = JSON.parse(`{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
  assert.throws(() => shaped({ properties: { x: {} } }, nested), /nested more than 50 deep/);
  const object = JSON.parse(`{"x":${'{"y":'.repeat(1_000)}1${'}'.repeat(1_000)}}`);
  assert.throws(() => shaped({ properties: { x: { type: 'object' } } }, object), /nested more than 50 deep/);
  const document = { x: 'a'.repeat(100_000) };
  assert.throws(() => shaped({ properties: many }, document), /more than 2000000 characters/);
});

t.run();
