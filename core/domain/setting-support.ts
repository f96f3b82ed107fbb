/**
 * What becomes of each setting that a request may name. A row goes from 'ignored' or 'refused' to 'done' with the work that
 * acts on it: the 501, the header that names what was ignored, and the tables of docs/session-settings.md follow.
 *
 * Paths are those of the body; `proxies[external]` is an entry of the list with that type, and has its fields behind it.
 * tests/contract holds a row for every leaf of the contract.
 */
import { isOfFunctions } from './functions-events.ts';
import type { TaskSizes } from './task-size.ts';

/** Where the platform runs: what is asked for and is so anyway is not ignored. */
export interface Installation {
  /** Undefined where no row asks for it. */
  readonly region?: string;
  /** Undefined where containers have no size of their own: on one machine. */
  readonly taskSizes?: TaskSizes | undefined;
  /** Whether there is a list of the hosts of ads. */
  readonly hasAdHosts?: boolean;
  /** Whether sessions that ask for a proxy of the platform's go out by one of its owner's. */
  readonly hasManagedProxy?: boolean;
}

export interface SettingRow {
  readonly support: 'done' | 'ignored' | 'refused';
  /** What happens today, in a few words: the second column of the docs. */
  readonly today?: string;
  /** Whether an installation ignores what others act on. */
  readonly isIgnoredBy?: (installation: Installation) => boolean;
  /** Whether an installation has what this needs; where it has not, the request is refused. */
  readonly isOfferedBy?: (installation: Installation) => boolean;
  /** Whether this value asks for something that we would not do anyway. */
  readonly wants?: (value: unknown, installation: Installation) => boolean;
  /** Why the whole request is refused, after the setting's path: where people rely on it, and where its want would be harm. */
  readonly refusal?: string;
}

export type SettingRows = Readonly<Record<string, SettingRow>>;

const DONE: SettingRow = { support: 'done' };
const ignored = (today: string, wants?: SettingRow['wants']): SettingRow => ({
  support: 'ignored',
  today,
  ...(wants === undefined ? {} : { wants }),
});

/** Without it the session would go out under an address that was not asked for. */
const MANAGED_PROXY: SettingRow = {
  support: 'done',
  isOfferedBy: ({ hasManagedProxy }) => hasManagedProxy === true,
  refusal:
    "asks for a proxy of the platform's, and this installation has none: name one of your own, { type: 'external', server }",
};

const ELSEWHERE = ignored("the proxy is the owner's, wherever it is");

export const CREATE_SESSION_SETTINGS: SettingRows = {
  id: DONE,
  projectId: DONE,
  timeout: DONE,
  keepAlive: DONE,
  userMetadata: DONE,
  extensionId: DONE,
  region: ignored(
    'given back as asked; browsers run where the installation is',
    (value, { region }) => value !== region,
  ),
  proxies: MANAGED_PROXY,
  'proxies[browserbase]': MANAGED_PROXY,
  'proxies[browserbase].domainPattern': DONE,
  'proxies[browserbase].geolocation.country': ELSEWHERE,
  'proxies[browserbase].geolocation.city': ELSEWHERE,
  'proxies[browserbase].geolocation.state': ELSEWHERE,
  'proxies[external]': DONE,
  'proxies[external].domainPattern': DONE,
  'proxies[external].server': DONE,
  'proxies[external].username': DONE,
  'proxies[external].password': DONE,
  'proxies[none]': DONE,
  'proxies[none].domainPattern': DONE,
  'proxySettings.caCertificates': DONE,
  'browserSettings.context.id': DONE,
  'browserSettings.context.persist': DONE,
  'browserSettings.viewport.width': DONE,
  'browserSettings.viewport.height': DONE,
  'browserSettings.ignoreCertificateErrors': DONE,
  'browserSettings.idleTimeout': DONE,
  'browserSettings.taskSize': { support: 'done', isIgnoredBy: ({ taskSizes }) => taskSizes === undefined },
  'browserSettings.extensionId': DONE,
  'browserSettings.allowedDomains': DONE,
  'browserSettings.blockAds': {
    support: 'done',
    isOfferedBy: ({ hasAdHosts }) => hasAdHosts === true,
    refusal:
      'needs a list of the hosts of ads, and this installation has none: whoever runs it gives one (docs/egress.md)',
  },
  'browserSettings.solveCaptchas': ignored('captchas stay'),
  'browserSettings.captchaImageSelector': ignored('captchas stay'),
  'browserSettings.captchaInputSelector': ignored('captchas stay'),
  'browserSettings.recordSession': DONE,
  'browserSettings.logSession': DONE,
  'browserSettings.verified': ignored('the browser is what it is'),
  'browserSettings.advancedStealth': ignored('the browser is what it is'),
  'browserSettings.os': ignored('the browser runs on Linux', (value) => value !== 'linux'),
};

export const UPDATE_SESSION_SETTINGS: SettingRows = { status: DONE, projectId: DONE };

export const FETCH_SETTINGS: SettingRows = {
  url: DONE,
  allowRedirects: DONE,
  allowInsecureSsl: DONE,
  proxies: ignored('the page is asked for from here', (value) => value === true),
  format: DONE,
  schema: DONE,
};

export const CREATE_CONTEXT_SETTINGS: SettingRows = {
  projectId: DONE,
  name: ignored('a context has its id, and no name'),
};

export const WEBHOOK_SETTINGS: SettingRows = {
  projectId: DONE,
  endpoint: DONE,
  description: DONE,
  enabled: DONE,
  categories: DONE,
  eventTypes: ignored(
    'of functions nothing is sent',
    (value) => Array.isArray(value) && value.some(isOfFunctions),
  ),
};
