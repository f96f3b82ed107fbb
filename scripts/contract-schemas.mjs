/** Reads from an OpenAPI document what an operation accepts, as JSON schemas of the parts of its event. */
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

/** The operation `id`, with its parameters and request body resolved. */
export function findOperation(document, id) {
  for (const item of Object.values(document.paths)) {
    const operation = METHODS.map((method) => item[method]).find((found) => found?.operationId === id);
    if (operation === undefined) continue;
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
    return {
      parameters: parameters.map((parameter) => resolve(document, parameter)),
      requestBody: operation.requestBody && resolve(document, operation.requestBody),
    };
  }
  throw new Error(`functions/openapi.json has no operation ${id}`);
}

function resolve(document, value) {
  if (value.$ref === undefined) return value;
  const found = value.$ref
    .slice(2)
    .split('/')
    .reduce((node, key) => node?.[key], document);
  if (found === undefined) throw new Error(`functions/openapi.json has nothing at ${value.$ref}`);
  return found;
}

/** Schemas by part of the event. Each can be compiled by itself: the components it refers to come along. */
export function schemasOf(document, { parameters, requestBody }) {
  const $defs = document.components?.schemas ?? {};
  const schemas = {
    body: requestBody?.content?.['application/json']?.schema ?? {},
    queryStringParameters: parametersSchema(parameters, 'query'),
    pathParameters: parametersSchema(parameters, 'path'),
  };
  return JSON.parse(
    JSON.stringify(
      Object.fromEntries(Object.entries(schemas).map(([part, schema]) => [part, { allOf: [schema], $defs }])),
      // A mapping is for OpenAPI's readers: Ajv finds the schema of a discriminator's value by itself.
      (key, value) =>
        key.startsWith('x-') ? undefined : key === 'discriminator' ? { ...value, mapping: undefined } : value,
    ).replaceAll('"#/components/schemas/', '"#/$defs/'),
  );
}

/** Names of the query parameters that are whole numbers. */
export const integersOf = ({ parameters }) =>
  parameters
    .filter(({ in: location, schema }) => location === 'query' && schema?.type === 'integer')
    .map(({ name }) => name);

function parametersSchema(parameters, location) {
  const own = parameters.filter((parameter) => parameter.in === location);
  return {
    type: 'object',
    properties: Object.fromEntries(own.map(({ name, schema }) => [name, schema])),
    required: own.filter(({ required }) => required).map(({ name }) => name),
  };
}
