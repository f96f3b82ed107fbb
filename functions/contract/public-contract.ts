const REFERENCE = '#/components/';

type Components = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Contract {
  readonly paths: Readonly<Record<string, unknown>>;
  readonly components?: Components;
  readonly tags?: readonly { readonly name: string }[];
}

/**
 * The contract as its readers want it: without API Gateway's own settings, and without the container API, which
 * only the platform's containers may call.
 */
export function publicContract(document: Readonly<Record<string, unknown>>): unknown {
  const clean = withoutExtensions(document) as Contract;
  const paths = Object.fromEntries(
    Object.entries(clean.paths).filter(([path]) => !path.startsWith('/internal/')),
  );
  return {
    ...clean,
    paths,
    tags: clean.tags?.filter(({ name }) => name !== 'container-api'),
    components: componentsOf(paths, clean.components ?? {}),
  };
}

function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.startsWith('x-amazon-') && !name.startsWith('x-wallcrawler-function'))
      .map(([name, item]) => [name, withoutExtensions(item)]),
  );
}

/** Those that `paths` lead to, also by way of each other: what only the container API uses is no part of it. */
function componentsOf(paths: Contract['paths'], components: Components): Components {
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    for (const name of namesIn(value)) {
      const [kind = '', key = ''] = name.split('/');
      if (used.has(name)) continue;
      used.add(name);
      visit(components[kind]?.[key]);
    }
  };
  visit(paths);
  return Object.fromEntries(
    Object.entries(components).map(([kind, items]) => [
      kind,
      Object.fromEntries(Object.entries(items).filter(([key]) => used.has(`${kind}/${key}`))),
    ]),
  );
}

/** As `schemas/Session`. A reference is a text; a scheme stands in an operation's `security` by its bare name. */
function* namesIn(value: unknown): Iterable<string> {
  if (typeof value === 'string' && value.startsWith(REFERENCE)) yield value.slice(REFERENCE.length);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    if (name === 'security' && Array.isArray(item)) {
      yield* item.flatMap((requirement) => Object.keys(requirement)).map((key) => `securitySchemes/${key}`);
    }
    yield* namesIn(item);
  }
}
