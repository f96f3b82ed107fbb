/** The leaves of a request's schema, by their paths as core/domain/setting-support.ts writes them. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
}

/** `a.b` for a value; `list[kind]` for each kind of a list's entries, told apart by their `type`, and `list[kind].a` for its fields. */
export function leavesOf(schema: object, document: object, path = ''): string[] {
  const own = resolve(schema as Schema, document);
  const choices = own.anyOf ?? own.oneOf;
  if (choices !== undefined) {
    return [...new Set(choices.flatMap((choice) => leavesOf(choice, document, path)))];
  }
  if (own.type === 'array') return kindsOf(own.items ?? {}, document, path);
  const properties = Object.entries(own.properties ?? {});
  if (properties.length === 0) return [path];
  return properties.flatMap(([name, item]) =>
    leavesOf(item, document, path === '' ? name : `${path}.${name}`),
  );
}

function kindsOf(items: Schema, document: object, path: string): string[] {
  const own = resolve(items, document);
  const choices = own.anyOf ?? own.oneOf ?? [own];
  const leaves = choices.flatMap((choice) => {
    const { type, ...fields } = resolve(choice, document).properties ?? {};
    return (type?.enum ?? []).flatMap((kind) => {
      const entry = `${path}[${kind}]`;
      const inside = Object.entries(fields).flatMap(([name, field]) =>
        leavesOf(field, document, `${entry}.${name}`),
      );
      return [entry, ...inside];
    });
  });
  return leaves.length === 0 ? [path] : leaves;
}

function resolve(schema: Schema, document: object): Schema {
  if (schema.$ref === undefined) return schema;
  const found = schema.$ref
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document);
  return resolve(found as Schema, document);
}
