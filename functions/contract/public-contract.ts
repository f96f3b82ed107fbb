/**
 * The contract as its readers want it: without API Gateway's own settings, and without the container API, which
 * only the platform's containers may call.
 */
export function publicContract(document: Readonly<Record<string, unknown>>): unknown {
  const clean = withoutExtensions(document) as {
    paths: Record<string, unknown>;
    tags?: { name: string }[];
  };
  const paths = Object.fromEntries(
    Object.entries(clean.paths).filter(([path]) => !path.startsWith('/internal/')),
  );
  return { ...clean, paths, tags: clean.tags?.filter(({ name }) => name !== 'container-api') };
}

function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.startsWith('x-amazon-'))
      .map(([name, item]) => [name, withoutExtensions(item)]),
  );
}
