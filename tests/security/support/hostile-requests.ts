import fc from 'fast-check';
import { contract } from '../../e2e/support/checked-fetch.ts';
import { hostileJson, hostileText, nearly, type Schema } from './hostile-values.ts';

export interface HostileRequest {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
}

interface Described {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

function resolve(ref: string): Schema {
  const parts = ref.replace(/^#\//, '').split('/');
  return parts.reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], contract) as Schema;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .map(([method, operation]) => ({ path, method, operation: operation as unknown as Described }))
    // One function answers all that is not built.
    .filter(
      ({ method, operation: { tags = [] } }) => METHODS.includes(method) && !tags.includes('not-built'),
    ),
);

// What fetch lets through: the rest never leaves a client of that kind.
const headerValue = hostileText.filter(
  (text) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text) && text.length < 2_000,
);
const headerName = fc.constantFrom(
  'idempotency-key',
  'accept',
  'last-event-id',
  'x-stainless-retry-count',
  'x-stainless-timeout',
  'x-forwarded-for',
  'x-amzn-requestid',
  'origin',
);
const contentType = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
);

const query = fc.dictionary(
  fc.oneof(
    fc.constantFrom('q', 'status', 'limit', 'after', 'cursor', 'sessionId', 'mode', '__proto__'),
    hostileText,
  ),
  hostileText,
  { maxKeys: 3, noNullPrototype: false },
);

const encode = (text: string): string => encodeURIComponent(text.toWellFormed());
const search = (values: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(values).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
};

function bodyOf({ requestBody }: Described): fc.Arbitrary<string | undefined> {
  const schema = requestBody?.content['application/json']?.schema;
  const json = schema === undefined ? hostileJson : nearly(schema, resolve);
  return fc.oneof(
    { arbitrary: json.map((value) => JSON.stringify(value)), weight: 12 },
    {
      arbitrary: fc.constantFrom('{', '[]', '{"a":1,"a":2}', '{"__proto__":{"admin":true}}', '\ufeff{}', ''),
      weight: 1,
    },
    { arbitrary: fc.constant(undefined), weight: 1 },
  );
}

/** Requests to every operation of the contract, each nearly right and wrong somewhere. */
export const hostileRequest: fc.Arbitrary<HostileRequest> = fc
  .constantFrom(...operations)
  .chain(({ path, method, operation }) =>
    fc
      .record({
        ids: fc.array(hostileText, { minLength: 2, maxLength: 2 }),
        query: fc.option(query, { nil: {} }),
        headers: fc.dictionary(headerName, headerValue, { maxKeys: 2, noNullPrototype: false }),
        contentType,
        body: bodyOf(operation),
      })
      .map(({ ids, query: values, headers, contentType: type, body }) => {
        let next = 0;
        // An empty part would be another path.
        const filled = path.replace(/\{[^}]+\}/g, () => encode(ids[next++ % ids.length] ?? '') || 'x');
        const hasBody = method !== 'get' && body !== undefined;
        return {
          operationId: operation.operationId,
          method: method.toUpperCase(),
          path: `${filled}${search(values)}`,
          headers: { ...headers, ...(hasBody ? { 'content-type': type } : {}) },
          body: hasBody ? body : undefined,
        };
      }),
  );
