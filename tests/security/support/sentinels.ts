/**
 * What a customer trusts us with, each as a text that stands nowhere by chance. To add one: a row here, and in
 * secrets.test.ts the line that hands it over.
 */
import { randomBytes } from 'node:crypto';
import { SECRET_LOOKS } from '../../e2e/support/secrets-in-logs.ts';
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

/** Where what is ours by its look may lie. */
const LOOKS_MAY_BE_IN: Partial<Record<keyof typeof SECRET_LOOKS, RegExp>> = {
  // A container's own token comes by its environment, as ECS hands it over.
  'a token': /^environment: controller$/,
  'a webhook’s secret': /^table: webhooks$/,
};

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
    ...Object.entries(SECRET_LOOKS).flatMap(([name, pattern]) => {
      const mayBeIn = LOOKS_MAY_BE_IN[name as keyof typeof SECRET_LOOKS];
      const found = mayBeIn?.test(place) ? null : pattern.exec(text);
      return found === null
        ? []
        : [`${name} in ${place}: ${around(text, found.index).replace(found[0], '...')}`];
    }),
  ]);
}

const around = (text: string, at: number): string =>
  text.slice(Math.max(0, at - 80), at + 40).replaceAll('\n', ' ');
