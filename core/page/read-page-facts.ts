import { isObject } from '../domain/is-object.ts';
import { type Attributes, type PageReader, parseHtml } from './parse-html.ts';
import { plain } from './shape-by-schema.ts';

type Node = Readonly<Record<string, unknown>>;

export interface PageFacts {
  readonly title?: string;
  readonly language?: string;
  readonly canonical?: string;
  /** By name or property; `og:title` as `title` too, where nothing else has that name. */
  readonly meta: Readonly<Record<string, string>>;
  readonly headings: readonly string[];
  readonly links: readonly { readonly text: string; readonly href: string }[];
  readonly images: readonly { readonly alt: string; readonly src: string }[];
  /** Of JSON-LD: its things, the outer ones first. */
  readonly nodes: readonly Node[];
  /** The same by the plain name of their types. */
  readonly byType: ReadonlyMap<string, readonly Node[]>;
}

// Of each kind; a page has hundreds at most.
const MAX_FACTS = 2_000;
const MAX_NODES = 1_000;
const MAX_DEPTH = 20;

/** Reads in one pass what a page says of itself to programs. What cannot be read of it is passed over. Throws a PageTooDeepError. */
export function readPageFacts(html: string, address: string): PageFacts {
  const reader = new FactReader(address);
  parseHtml(html, reader);
  return reader.facts();
}

class FactReader implements PageReader {
  readonly #address: string;
  readonly #meta = new Map<string, string>();
  readonly #headings: string[] = [];
  readonly #links: { text: string; href: string }[] = [];
  readonly #images: { alt: string; src: string }[] = [];
  readonly #documents: string[] = [];
  #title: string | undefined;
  #language: string | undefined;
  #canonical: string | undefined;
  /** Of the element whose text is gathered. */
  #gathered:
    | { readonly name: string; readonly parts: string[]; readonly keep: (text: string) => void }
    | undefined;

  constructor(address: string) {
    this.#address = address;
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'html') this.#language = attributes.lang;
    else if (name === 'meta') this.#openMeta(attributes);
    else if (name === 'link' && attributes.rel === 'canonical')
      this.#canonical = this.#addressOf(attributes.href);
    else if (name === 'img') this.#openImage(attributes);
    else this.#gather(name, attributes);
  }

  text(text: string): void {
    this.#gathered?.parts.push(text);
  }

  close(name: string): void {
    if (this.#gathered?.name !== name) return;
    const { parts, keep } = this.#gathered;
    this.#gathered = undefined;
    keep(parts.join(''));
  }

  facts(): PageFacts {
    const nodes = this.#documents.flatMap(nodesOf).slice(0, MAX_NODES);
    const meta = Object.fromEntries(this.#meta);
    for (const [name, content] of this.#meta) {
      const short = /^(?:og|twitter|article|product):(.+)$/.exec(name)?.[1];
      if (short !== undefined && !Object.hasOwn(meta, short)) meta[short] = content;
    }
    return {
      ...(this.#title === undefined ? {} : { title: this.#title }),
      ...(this.#language === undefined ? {} : { language: this.#language }),
      ...(this.#canonical === undefined ? {} : { canonical: this.#canonical }),
      meta,
      headings: this.#headings,
      links: this.#links,
      images: this.#images,
      nodes,
      byType: groupByType(nodes),
    };
  }

  #addressOf(reference: string | undefined): string | undefined {
    return reference === undefined ? undefined : URL.parse(reference, this.#address)?.href;
  }

  #openMeta({ name, property, content }: Attributes): void {
    const key = (property ?? name)?.toLowerCase();
    if (key !== undefined && content !== undefined && this.#meta.size < MAX_FACTS && !this.#meta.has(key))
      this.#meta.set(key, content);
  }

  #openImage({ src, alt = '' }: Attributes): void {
    const address = this.#addressOf(src);
    if (address !== undefined && this.#images.length < MAX_FACTS) this.#images.push({ alt, src: address });
  }

  /** The text of an element inside of another that is gathered belongs to the outer one. */
  #gather(name: string, attributes: Attributes): void {
    if (this.#gathered !== undefined) return;
    const keep = this.#keeperOf(name, attributes);
    if (keep !== undefined) this.#gathered = { name, parts: [], keep };
  }

  #keeperOf(
    name: string,
    { type, href }: Readonly<Record<string, string>>,
  ): ((text: string) => void) | undefined {
    if (name === 'title')
      return (text) => {
        this.#title ??= collapse(text);
      };
    if (name === 'script' && type?.trim().toLowerCase() === 'application/ld+json')
      return (text) => void this.#documents.push(text);
    if (/^h[1-6]$/.test(name) && this.#headings.length < MAX_FACTS)
      return (text) => void this.#headings.push(collapse(text));
    const address = name === 'a' ? this.#addressOf(href) : undefined;
    if (address !== undefined && this.#links.length < MAX_FACTS)
      return (text) => void this.#links.push({ text: collapse(text), href: address });
    return undefined;
  }
}

const collapse = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The things of a JSON-LD document, outer ones first; none of what is no JSON. */
function nodesOf(text: string): readonly Node[] {
  let level: readonly unknown[];
  try {
    level = [JSON.parse(text)];
  } catch {
    // Pages have broken JSON-LD often, and are good otherwise.
    return [];
  }
  const nodes: Node[] = [];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0 && nodes.length < MAX_NODES; depth += 1) {
    const flat = level.flatMap((each) => (Array.isArray(each) ? each : [each]));
    const objects = flat.filter(isObject);
    nodes.push(...objects.filter((each) => '@type' in each).slice(0, MAX_NODES));
    level = [...flat.filter(Array.isArray), ...objects.flatMap((each) => Object.values(each))];
  }
  return nodes;
}

function groupByType(nodes: readonly Node[]): ReadonlyMap<string, readonly Node[]> {
  const groups = new Map<string, Node[]>();
  for (const node of nodes) {
    const types = Array.isArray(node['@type']) ? node['@type'] : [node['@type']];
    for (const type of types) {
      if (typeof type !== 'string') continue;
      const name = plain(type);
      const group = groups.get(name) ?? [];
      group.push(node);
      groups.set(name, group);
    }
  }
  return groups;
}
