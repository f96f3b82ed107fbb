/**
 * `import validate from 'contract:createSession'` is a validator for the events of that operation, compiled from
 * functions/openapi.json when the bundle is made: no schema is parsed and no Ajv loaded in a function.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOperation, integersOf, schemasOf } from './contract-schemas.mjs';

// Ajv is a dependency of the validator of middy's family; both are resolved from there, hoisted or not.
const requireFromValidator = createRequire(import.meta.resolve('@middy/validator'));
const Ajv = requireFromValidator('ajv').default;
const addFormats = requireFromValidator('ajv-formats').default;
const standaloneCode = requireFromValidator('ajv/dist/standalone').default;

// Words of OpenAPI that say nothing about whether a value is valid.
const ANNOTATIONS = ['example', 'externalDocs', 'xml'];
const RESOLVE_DIR = dirname(fileURLToPath(import.meta.resolve('@middy/validator')));

function compile(schema, coerceTypes) {
  const ajv = new Ajv({
    code: { source: true, lines: false },
    coerceTypes,
    discriminator: true,
    strictTypes: false,
  });
  addFormats(ajv);
  ajv.addVocabulary(ANNOTATIONS);
  return standaloneCode(ajv, ajv.compile(schema));
}

/** The module behind `contract:<operationId>`: one check a part of the event, in the order in which faults are named. */
const VALIDATOR = (id, bodyRequired, integers) => `
import path from 'contract:${id}#pathParameters';
import query from 'contract:${id}#queryStringParameters';
import body from 'contract:${id}#body';

const fails = (check, data, instancePath) => {
  if (check(data, { instancePath, rootData: data })) return false;
  validate.errors = check.errors;
  return true;
};
// Coercion would take 0x10, 1e3 and " 5 " for numbers as well.
const findNoInteger = (data) =>
  ${JSON.stringify(integers)}.find((name) => typeof data[name] === 'string' && !/^-?[0-9]{1,15}$/.test(data[name]));
export default function validate(event) {
  validate.errors = null;
  if (fails(path, event.pathParameters ?? {}, '/pathParameters')) return false;
  const noInteger = findNoInteger(event.queryStringParameters ?? {});
  if (noInteger !== undefined) {
    const instancePath = '/queryStringParameters/' + noInteger;
    validate.errors = [{ instancePath, keyword: 'type', params: { type: 'integer' }, message: 'must be integer' }];
    return false;
  }
  if (fails(query, event.queryStringParameters ?? {}, '/queryStringParameters')) return false;
  const absent = event.body === undefined || event.body === null;
  return (absent && ${!bodyRequired}) || !fails(body, event.body ?? null, '/body');
}
validate.errors = null;
`;

function loadContract(document, specifier) {
  const [id, part] = specifier.split('#');
  const operation = findOperation(document, id);
  if (part === undefined) {
    return VALIDATOR(id, operation.requestBody?.required === true, integersOf(operation));
  }
  return compile(schemasOf(document, operation)[part], part !== 'body');
}

export function contractPlugin(root) {
  return {
    name: 'contract',
    setup(build) {
      const path = `${root}/functions/openapi.json`;
      let document;
      build.onResolve({ filter: /^contract:/ }, (args) => ({
        path: args.path.slice('contract:'.length),
        namespace: 'contract',
      }));
      build.onLoad({ filter: /.*/, namespace: 'contract' }, async (args) => {
        try {
          document ??= JSON.parse(await readFile(path, 'utf8'));
          return { contents: loadContract(document, args.path), resolveDir: RESOLVE_DIR };
        } catch (error) {
          return { errors: [{ text: `${args.path}: ${error.message}` }] };
        }
      });
    },
  };
}
