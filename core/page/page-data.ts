import { isObject } from '../domain/is-object.ts';
import { type PageFacts, readPageFacts } from './read-page-facts.ts';
import { type DataSource, findByName, plain } from './shape-by-schema.ts';

/** A JSON document; in a list, each of its entries by the name `items`. */
export function dataOfJson(document: unknown): DataSource {
  if (isObject(document)) return { find: (name) => findByName(document, name) };
  return { find: (name) => (plain(name) === 'items' ? document : undefined) };
}

/**
 * What a page declares about itself. A name is looked for in its JSON-LD, then in its `meta` elements (`og:title` answers
 * to `title` too), then among what every page has: `title`, `description`, `url`, `language`, `headings`, `links`, `images`.
 * The name of a schema.org type, or its plural, is the things of that type.
 */
export function dataOfPage(html: string, address: string): DataSource {
  const facts = readPageFacts(html, address);
  const usual: Readonly<Record<string, unknown>> = {
    title: facts.title,
    description: facts.meta.description,
    url: facts.canonical ?? address,
    language: facts.language,
    headings: facts.headings,
    links: facts.links,
    images: facts.images,
  };
  return {
    find: (name) =>
      findInNodes(facts, name) ??
      findOfType(facts, name) ??
      findByName(facts.meta, name) ??
      findByName(usual, name),
  };
}

function findInNodes({ nodes }: PageFacts, name: string): unknown {
  for (const node of nodes) {
    const found = findByName(node, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findOfType({ byType }: PageFacts, name: string): unknown {
  const wanted = plain(name);
  return (
    byType.get(wanted) ?? byType.get(wanted.replace(/s$/, '')) ?? byType.get(wanted.replace(/ies$/, 'y'))
  );
}
