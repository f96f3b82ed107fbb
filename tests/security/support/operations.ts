/** Every operation of the contract, so that a route that comes is attacked like those that are there. */
import { contract } from '../../e2e/support/checked-fetch.ts';

export interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  /** Who may ask: whoever has an API key, a container, or everybody. */
  readonly door: 'apiKey' | 'controllerToken' | 'open';
  /** One function answers all that is not built, and looks nothing up. */
  readonly isBuilt: boolean;
  /** The gateway answers it by itself, the same to everybody with a key. */
  readonly isMock: boolean;
  /** By what it can be asked to answer with. */
  readonly accepts: readonly string[];
  readonly queryNames: readonly string[];
}

interface Described {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly 'x-amazon-apigateway-integration'?: { readonly type?: string };
  readonly parameters?: readonly { readonly name?: string; readonly in?: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

const doorOf = ({ security = [] }: Described): Operation['door'] => {
  const [first = {}] = security;
  return 'apiKey' in first ? 'apiKey' : 'controllerToken' in first ? 'controllerToken' : 'open';
};

export const OPERATIONS: readonly Operation[] = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method]) => METHODS.includes(method))
    .map(([method, value]) => {
      const described = value as unknown as Described;
      return {
        operationId: described.operationId,
        method: method.toUpperCase(),
        path,
        door: doorOf(described),
        isBuilt: described.tags?.includes('not-built') !== true,
        isMock: described['x-amazon-apigateway-integration']?.type === 'mock',
        accepts: [
          ...new Set(
            Object.entries(described.responses)
              .filter(([status]) => status.startsWith('2'))
              .flatMap(([, { content = {} }]) => Object.keys(content)),
          ),
        ],
        queryNames: (described.parameters ?? []).flatMap(({ name, in: place }) =>
          place === 'query' && name !== undefined ? [name] : [],
        ),
      };
    }),
);

/** The path with each `{name}` filled in; one that has no value is a mistake of the test. */
export const fillPath = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Nothing stands for {${name}} of ${path}`);
    return value;
  });
