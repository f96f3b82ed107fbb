import fc from 'fast-check';

/** Text that has broken parsers, paths, logs and queries elsewhere. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\r\nx-injected: 1',
    '__proto__',
    'constructor',
    'toString',
    '../../../etc/passwd',
    '..%2f..%2f',
    '%00',
    '%',
    '{{7*7}}',
    "' OR 1=1 --",
    '<script>alert(1)</script>',
    '\ud800',
    '\u202e',
    'x'.repeat(5_000),
    '9'.repeat(400),
    '-1',
    '1e309',
    'NaN',
    'null',
    'undefined',
    '00000000-0000-0000-0000-000000000000',
    'create#x',
    '(a+)+$',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.uuid(),
);

const hostileNumber = fc.oneof(
  fc.constantFrom(0, -0, -1, 1e308, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE, 2 ** 53, -(2 ** 63), 0.1),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const deep = (depth: number): unknown => (depth === 0 ? 1 : { a: deep(depth - 1) });

/** Any JSON, with keys that mean something to JavaScript. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  hostileText,
  hostileNumber,
  fc.constantFrom(null, true, [], {}, [[[[]]]], deep(300)),
  fc.dictionary(hostileText, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4, noNullPrototype: false }),
);

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

const MAX_DEPTH = 6;

/** Values that look like what the schema wants, and are wrong in one place or another. */
export function nearly(schema: Schema, resolve: (ref: string) => Schema, depth = 0): fc.Arbitrary<unknown> {
  const within = (inner: Schema) => nearly(inner, resolve, depth + 1);
  const wrong = { arbitrary: hostileJson, weight: 1 };
  const like = (arbitrary: fc.Arbitrary<unknown>) => fc.oneof({ arbitrary, weight: 6 }, wrong);
  if (depth > MAX_DEPTH) return hostileJson;
  if (schema.$ref !== undefined) return within(resolve(schema.$ref));
  const [first] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (first !== undefined)
    return fc.oneof(...(schema.anyOf ?? schema.oneOf ?? schema.allOf ?? []).map(within));
  if (schema.enum !== undefined) return like(fc.constantFrom(...schema.enum));
  if (schema.properties !== undefined)
    return like(
      fc.record(
        Object.fromEntries(Object.entries(schema.properties).map(([key, each]) => [key, within(each)])),
        {
          requiredKeys: [],
          noNullPrototype: true,
        },
      ),
    );
  return like(simple(schema, within));
}

function simple(
  { type, items }: Schema,
  within: (inner: Schema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return hostileText;
    case 'integer':
    case 'number':
      return hostileNumber;
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(items === undefined ? hostileJson : within(items), { maxLength: 5 });
    default:
      return fc.dictionary(fc.string(), hostileJson, { maxKeys: 3, noNullPrototype: true });
  }
}
