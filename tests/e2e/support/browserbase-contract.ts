/**
 * Browserbase's own OpenAPI document, where there is one: it is theirs, so the project holds no copy, and
 * BROWSERBASE_OPENAPI names the file.
 */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { ContractError } from './contract-error.ts';

interface Media {
  readonly content?: { readonly 'application/json'?: { readonly schema: object } };
}
interface Operation {
  readonly requestBody?: Media;
  readonly responses: Readonly<Record<string, Media>>;
}
export interface TheirContract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const { BROWSERBASE_OPENAPI: path } = process.env;
export const theirContract: TheirContract | undefined = path
  ? (JSON.parse(readFileSync(path, 'utf8')) as TheirContract)
  : undefined;

const ajv = new Ajv({ strict: false, allErrors: true });
(addFormats as unknown as (ajv: Ajv) => void)(ajv);
if (theirContract !== undefined) ajv.addSchema({ $id: 'theirs', components: theirContract.components });

const validators = new Map<string, ValidateFunction>();

/** Throws a ContractError when their document has a schema for this answer and the answer does not fit it. */
export function checkTheirs(method: string, path: string, status: number, body: string): void {
  const schema = theirSchemaOf(method, path, status);
  if (schema === undefined) return;
  const text = JSON.stringify(schema).replaceAll('"#/', '"theirs#/');
  const validate = validators.get(text) ?? ajv.compile(JSON.parse(text) as object);
  validators.set(text, validate);
  if (validate(JSON.parse(body))) return;
  const where = `${method} ${path} -> ${status}, by Browserbase's own contract`;
  throw new ContractError(`${where}: ${ajv.errorsText(validate.errors)}\n${body.slice(0, 1000)}`);
}

// Stagehand's, on the same host: not the session of that id.
const NOT_THEIRS = '/v1/sessions/start';

function theirSchemaOf(method: string, path: string, status: number): object | undefined {
  if (path === NOT_THEIRS) return undefined;
  const found = Object.entries(theirContract?.paths ?? {}).find(([template]) =>
    new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
  );
  const responses = found?.[1][method.toLowerCase()]?.responses;
  return responses?.[String(status)]?.content?.['application/json']?.schema;
}
