import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { integer, list, oneOf, optional, type Parser, readConfig, text, url } from '../../core/config/env.ts';
import { parseProxyUrl } from '../../core/domain/proxies.ts';
import { API_KEY_FORM, isApiKeyText } from '../../core/tokens/api-key-text.ts';
import { LOOPBACK } from '../aws/wire/listen.ts';
import { isExecutable } from '../chrome/find-chrome.ts';
import { isLoopbackName } from '../front/addresses.ts';

const DEFAULT_PORT = 8787;
const DEFAULT_WARM = 1;
const MOST_WARM = 50;

const apiKey = (): Parser<string> => (raw) => {
  const value = text()(raw);
  if (!isApiKeyText(value)) throw new Error(`must be ${API_KEY_FORM}`);
  return value;
};

const executable = (): Parser<string> => (raw) => {
  const value = text()(raw);
  if (!existsSync(value))
    throw new Error('names no file: set it to a Chrome or Chromium, or unset it to have one found');
  if (!isExecutable(value)) throw new Error('must be an executable file');
  return value;
};

const folder = (): Parser<string> => (raw) => resolve(text()(raw));

/** Of text, which containers read. */
const file = (): Parser<string> => (raw) => {
  const path = resolve(text()(raw));
  if (!existsSync(path)) throw new Error('names no file');
  return path;
};

/** As a create reads it again. */
const proxyUrl = (): Parser<string> => (raw) => {
  const value = text()(raw);
  parseProxyUrl(value);
  return value;
};

const words = (): Parser<readonly string[]> => (raw) => text()(raw).trim().split(/\s+/);

/** As the functions take it. Read with Node alone, since a start without `npm ci` is to say that. */
const networkList = (): Parser<string> => (raw) => {
  const networks = list()(raw);
  if (!networks.every(isNetwork))
    throw new Error('must be networks such as 10.1.0.0/16, separated by commas');
  return networks.join(',');
};

function isNetwork(network: string): boolean {
  const [address = '', length = ''] = network.split('/');
  const longest = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return network === `${address}/${length}` && /^\d{1,3}$/.test(length) && Number(length) <= longest;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Whether others than the users of this machine are let in. */
const servesOthers = ({ HOST = '', WALLCRAWLER_PUBLIC_URL: url = '' }: Env): boolean =>
  (HOST !== '' && !isLoopbackName(HOST)) || (URL.canParse(url) && !isLoopbackName(new URL(url).hostname));

/** Nobody opens a machine to others without having chosen who comes in. */
const chosenApiKey = (): Parser<string> => (raw) => {
  if (raw !== undefined && raw !== '') return apiKey()(raw);
  throw new Error(
    'is to be set by you, because HOST or WALLCRAWLER_PUBLIC_URL lets in others than the users of this machine: whoever has the key drives browsers on it',
  );
};

const routed = (): Parser<'1'> => (raw) => {
  if (raw === undefined || raw === '' || raw === '1') return '1';
  throw new Error(
    'can only be 1 where HOST or WALLCRAWLER_PUBLIC_URL lets others in: direct ports are on loopback',
  );
};

/** Who is let in from elsewhere is not let into what this machine alone reaches. */
const guarded: Parser<'1'> = (raw) => {
  if (raw === undefined || raw === '' || raw === '1') return '1';
  throw new Error(
    'can only be 1 where HOST or WALLCRAWLER_PUBLIC_URL lets others in: WALLCRAWLER_ALLOWED_NETWORKS names what their browsers may reach besides the public network',
  );
};

export type MachineConfig = ReturnType<typeof readMachineConfig>;

export const readMachineConfig = (env: Env) => ({
  ...readConfig(env, {
    host: ['HOST', optional(text(), LOOPBACK)],
    port: ['PORT', optional(integer({ min: 0, max: 65_535 }), DEFAULT_PORT)],
    publicUrl: ['WALLCRAWLER_PUBLIC_URL', optional(url('http:', 'https:'), undefined)],
    dataDir: ['WALLCRAWLER_DATA_DIR', optional(folder(), resolve('.wallcrawler'))],
    apiKey: ['WALLCRAWLER_API_KEY', servesOthers(env) ? chosenApiKey() : optional(apiKey(), undefined)],
    dynamodbEndpoint: ['WALLCRAWLER_DYNAMODB_ENDPOINT', optional(url('http:', 'https:'), undefined)],
    // 1: clients reach the browsers by the one port, through the router, as in the cloud. 0: each by a port of its own.
    router: ['WALLCRAWLER_ROUTER', servesOthers(env) ? routed() : optional(oneOf('0', '1'), '1')],
    // How many browsers wait for a session, started already.
    warm: ['WALLCRAWLER_WARM', optional(integer({ min: 0, max: MOST_WARM }), DEFAULT_WARM)],
    // Whether a session is filmed that does not say.
    record: ['WALLCRAWLER_RECORD', optional(oneOf('0', '1'), '1')],
    // 1: browsers reach the public network only, and what allowedNetworks names. 0: whatever this machine reaches.
    egress: ['WALLCRAWLER_EGRESS', servesOthers(env) ? guarded : optional(oneOf('0', '1'), '0')],
    // Networks that functions and guarded browsers may ask on behalf of clients although they are not public, as their own setting has them.
    allowedNetworks: ['WALLCRAWLER_ALLOWED_NETWORKS', optional(networkList(), '')],
    // A list of the hosts of ads, for sessions with blockAds.
    adHosts: ['WALLCRAWLER_AD_HOSTS', optional(file(), undefined)],
    // By which sessions go out that ask for a proxy of the platform's. With its credentials: it is told to nobody.
    managedProxy: ['WALLCRAWLER_PROXY', optional(proxyUrl(), undefined)],
    // Where functions, containers and the router send their traces, by OTLP over HTTP.
    tracesEndpoint: ['OTEL_EXPORTER_OTLP_ENDPOINT', optional(url('http:', 'https:'), '')],
    chromePath: ['CHROME_PATH', optional(executable(), undefined)],
    browserImage: ['WALLCRAWLER_BROWSER_IMAGE', optional(text(), undefined)],
    containerEngine: ['WALLCRAWLER_CONTAINER_ENGINE', optional(words(), ['docker'])],
    searchPath: ['PATH', optional(text(), '/usr/bin:/bin')],
    home: ['HOME', optional(text(), '/tmp')],
  }),
  servesOthers: servesOthers(env),
  /** For the container engine's command, whose own variables (DOCKER_HOST and the like) we do not know. */
  engineEnvironment: env,
});
