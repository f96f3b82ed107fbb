import { suite } from 'uvu';
import * as assert from 'uvu/assert';
// @ts-expect-error plain JavaScript without types
import { findOperation, integersOf, schemasOf } from './contract-schemas.mjs';

const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const LIMIT = { name: 'limit', in: 'query', schema: { type: 'integer' } };
const DOCUMENT = {
  paths: {
    '/things/{id}': {
      parameters: [{ $ref: '#/components/parameters/Id' }],
      get: {
        operationId: 'getThing',
        parameters: [LIMIT, { name: 'q', in: 'query', required: true, schema: {} }],
      },
      delete: { operationId: 'deleteThing' },
    },
    '/things': {
      post: { operationId: 'createThing', requestBody: { $ref: '#/components/requestBodies/Thing' } },
    },
  },
  components: {
    parameters: { Id: ID },
    requestBodies: {
      Thing: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
      },
    },
    schemas: {
      Thing: {
        'x-internal': true,
        oneOf: [{ $ref: '#/components/schemas/Small' }],
        discriminator: { propertyName: 'kind', mapping: { small: '#/components/schemas/Small' } },
      },
      Small: { type: 'object', properties: { kind: { const: 'small' } } },
    },
  },
};

const operations = suite('an operation of the contract');

operations('has the parameters of its path and its own, resolved', () => {
  const { parameters, requestBody } = findOperation(DOCUMENT, 'getThing');
  assert.equal(
    parameters.map(({ name }: { name: string }) => name),
    ['id', 'limit', 'q'],
  );
  assert.equal(parameters[0], ID);
  assert.is(requestBody, undefined);
  assert.equal(findOperation(DOCUMENT, 'deleteThing').parameters, [ID]);
});

operations('has its body resolved', () => {
  assert.is(findOperation(DOCUMENT, 'createThing').requestBody.required, true);
});

operations('is missed by its name, and so is what it refers to', () => {
  assert.throws(
    () => findOperation(DOCUMENT, 'getThings'),
    'functions/openapi.json has no operation getThings',
  );
  assert.throws(() => findOperation(DOCUMENT, undefined), /has no operation/);
  const broken = {
    paths: { '/': { get: { operationId: 'a', parameters: [{ $ref: '#/components/parameters/No' }] } } },
  };
  assert.throws(
    () => findOperation(broken, 'a'),
    'functions/openapi.json has nothing at #/components/parameters/No',
  );
});

operations('names the numbers of its query, which come as texts', () => {
  assert.equal(integersOf(findOperation(DOCUMENT, 'getThing')), ['limit']);
  assert.equal(integersOf(findOperation(DOCUMENT, 'createThing')), []);
});

operations.run();

// ---

const schemas = suite('the schemas of an operation');
const schemasFor = (id: string) => schemasOf(DOCUMENT, findOperation(DOCUMENT, id));

schemas('say of each part of the event what may be there and what must', () => {
  const { pathParameters, queryStringParameters } = schemasFor('getThing');
  assert.equal(pathParameters.allOf, [
    { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
  ]);
  assert.equal(queryStringParameters.allOf, [
    { type: 'object', properties: { limit: { type: 'integer' }, q: {} }, required: ['q'] },
  ]);
});

schemas('take any body where none is described', () =>
  assert.equal(schemasFor('deleteThing').body.allOf, [{}]),
);

schemas('bring the components along, by references that lead there', () => {
  const { body } = schemasFor('createThing');
  assert.equal(body.allOf, [{ $ref: '#/$defs/Thing' }]);
  assert.equal(body.$defs.Thing, {
    oneOf: [{ $ref: '#/$defs/Small' }],
    discriminator: { propertyName: 'kind' },
  });
});

schemas('leave the contract as it was', () => {
  const before = structuredClone(DOCUMENT);
  schemasFor('createThing');
  assert.equal(DOCUMENT, before);
});

schemas.run();
