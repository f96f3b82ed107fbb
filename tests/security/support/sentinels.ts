/**
 * What a customer trusts us with, each as a text that stands nowhere by chance. To add one: a row here, and in
 * secrets.test.ts the line that hands it over.
 */
import { randomBytes } from 'node:crypto';
import type { Place } from './places.ts';

interface Row {
  /** Where it has to be, all the same. */
  readonly mayBeIn?: RegExp;
}

const ROWS = {
  // The test gives it to the machine by its environment; the machine gives it to nobody.
  apiKey: { mayBeIn: /^environment: the machine$/ },
  wrongApiKey: {},
  keyInQuery: {},
  typedPassword: {},
  typedByViewer: {},
  cookie: {},
  authorizationHeader: {},
  pageText: {},
  pageQuery: {},
  consoleText: {},
  dialogText: {},
  localStorage: {},
  postedForm: {},
  uploadedContent: {},
  downloadedContent: {},
  profileContent: {},
  extensionContent: {},
  certificateKey: {},
  proxyPassword: {},
  proxyUser: {},
  // It is asked for again at each try: its query is where receivers have their own secrets.
  webhookQuery: { mayBeIn: /^(table: (webhooks|webhook-deliveries)|list: GET \/v1\/webhooks)$/ },
  fetchedQuery: {},
  fetchedPage: {},
  bodyOfBadRequest: {},
} as const satisfies Record<string, Row>;

export type SentinelName = keyof typeof ROWS;

export const SENTINELS = Object.fromEntries(
  Object.keys(ROWS).map((name) => [name, `zq${name.toLowerCase()}${randomBytes(6).toString('hex')}`]),
) as Readonly<Record<SentinelName, string>>;

/** What is ours by its look, and where it may lie. */
const PATTERNS: readonly (Row & { readonly name: string; readonly pattern: RegExp })[] = [
  // A container's own token comes by its environment, as ECS hands it over.
  { name: 'a token', pattern: /eyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]{20,}/, mayBeIn: /^environment: controller$/ },
  { name: 'a signed URL', pattern: /X-Amz-Signature=[0-9a-f]{16,}/ },
  { name: 'a webhook’s secret', pattern: /whsec_[\w+/=-]{16,}/, mayBeIn: /^table: webhooks$/ },
  { name: 'a private key', pattern: /-----BEGIN (EC |RSA )?PRIVATE KEY-----/ },
];

/** Every sentinel that is where it must not be; as the texts a secret travels as, too. */
export function findLeaks(places: readonly Place[]): string[] {
  return places.flatMap(({ name: place, text }) => [
    ...Object.entries(SENTINELS).flatMap(([name, sentinel]) => {
      const { mayBeIn } = ROWS[name as SentinelName] as Row;
      if (mayBeIn?.test(place)) return [];
      const isThere = [sentinel, btoa(sentinel), encodeURIComponent(sentinel)].some((form) =>
        text.includes(form),
      );
      return isThere ? [`${name} in ${place}: ${around(text, text.indexOf(sentinel))}`] : [];
    }),
    ...PATTERNS.flatMap(({ name, pattern, mayBeIn }) => {
      const found = mayBeIn?.test(place) ? null : pattern.exec(text);
      return found === null
        ? []
        : [`${name} in ${place}: ${around(text, found.index).replace(found[0], '...')}`];
    }),
  ]);
}

const around = (text: string, at: number): string =>
  text.slice(Math.max(0, at - 80), at + 40).replaceAll('\n', ' ');
