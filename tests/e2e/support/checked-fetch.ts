import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { checkTheirs } from './browserbase-contract.ts';
import { ContractError } from './contract-error.ts';

interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly responses: Readonly<Record<string, ResponseSpec>>;
  };
}
interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, ResponseSpec & { readonly $ref?: string }>>;
}
interface ResponseSpec {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

export const contract: Contract = JSON.parse(
  readFileSync(new URL('../../../functions/openapi.json', import.meta.url), 'utf8'),
);

const ajv = new Ajv({ strict: false, allErrors: true });
(addFormats as unknown as (ajv: Ajv) => void)(ajv);
ajv.addSchema({ $id: 'contract', components: contract.components });

const validators = new Map<string, ValidateFunction>();

/** `fetch`, which throws a ContractError when an answer of the API at `baseUrl` does not fit functions/openapi.json. */
export function checkedFetch(baseUrl: string): typeof fetch {
  return async (input, init) => {
    // A file is sent as a stream, of which Node's fetch wants to be told; the SDK's own does not.
    const response = await fetch(input, { ...init, duplex: 'half' } as RequestInit);
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (url.origin === new URL(baseUrl).origin) {
      await checkAnswer(init?.method ?? 'GET', url.pathname, response.clone());
    }
    return response;
  };
}

/** Throws a ContractError unless `response` is one that the contract has for this method and path. */
export async function checkAnswer(method: string, path: string, response: Response): Promise<void> {
  const where = `${method} ${path} -> ${response.status}`;
  const body = await response.text();
  checkTheirs(method, path, response.status, body);
  const operation = findOperation(method, path);
  if (operation === undefined) {
    if (response.status < 400) throw new ContractError(`${where}: no such operation in the contract`);
    return check(where, { $ref: 'contract#/components/schemas/Error' }, body);
  }
  const listed = operation.responses[String(response.status)];
  if (listed === undefined) throw new ContractError(`${where}: the contract has no such status: ${body}`);
  const name = listed.$ref?.split('/').at(-1);
  const spec = name === undefined ? listed : contract.components.responses[name];
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
  // A file: nothing to check but that the contract has one here.
  if (type !== 'application/json' && spec?.content?.[type] !== undefined) return;
  const schema = spec?.content?.['application/json']?.schema;
  if (schema === undefined) {
    if (body !== '') throw new ContractError(`${where}: the contract has no body here`);
    return;
  }
  if (!/^application\/json\b/.test(response.headers.get('content-type') ?? '')) {
    throw new ContractError(`${where}: the content-type is ${response.headers.get('content-type')}`);
  }
  check(where, JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"contract#/')), body);
}

function check(where: string, schema: object, body: string): void {
  const key = JSON.stringify(schema);
  const validate = validators.get(key) ?? ajv.compile(schema);
  validators.set(key, validate);
  if (!validate(JSON.parse(body))) {
    throw new ContractError(`${where}: ${ajv.errorsText(validate.errors)}\n${body.slice(0, 1000)}`);
  }
}

function findOperation(method: string, path: string): Operation | undefined {
  const literal = contract.paths[path]?.[method.toLowerCase()];
  if (literal !== undefined) return literal;
  for (const [template, operations] of Object.entries(contract.paths)) {
    const pattern = new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`);
    if (pattern.test(path)) return operations[method.toLowerCase()];
  }
  return undefined;
}
