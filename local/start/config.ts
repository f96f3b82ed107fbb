import { resolve } from 'node:path';
import { integer, oneOf, optional, type Parser, readConfig, text, url } from '../../core/config/env.ts';
import { API_KEY_FORM, isApiKeyText } from '../../core/tokens/api-key-text.ts';
import { isExecutable } from '../chrome/find-chrome.ts';

const DEFAULT_PORT = 8787;

const apiKey = (): Parser<string> => (raw) => {
  const value = text()(raw);
  if (!isApiKeyText(value)) throw new Error(`must be ${API_KEY_FORM}`);
  return value;
};

const executable = (): Parser<string> => (raw) => {
  const value = text()(raw);
  if (!isExecutable(value)) throw new Error('must be an executable file');
  return value;
};

const folder = (): Parser<string> => (raw) => resolve(text()(raw));

const words = (): Parser<readonly string[]> => (raw) => text()(raw).trim().split(/\s+/);

export type MachineConfig = ReturnType<typeof readMachineConfig>;

export const readMachineConfig = (env: Readonly<Record<string, string | undefined>>) => ({
  ...readConfig(env, {
    port: ['PORT', optional(integer({ min: 0, max: 65_535 }), DEFAULT_PORT)],
    dataDir: ['WALLCRAWLER_DATA_DIR', optional(folder(), resolve('.wallcrawler'))],
    apiKey: ['WALLCRAWLER_API_KEY', optional(apiKey(), undefined)],
    dynamodbEndpoint: ['WALLCRAWLER_DYNAMODB_ENDPOINT', optional(url('http:', 'https:'), undefined)],
    // 1: clients reach the browsers through the router, as in the cloud.
    router: ['WALLCRAWLER_ROUTER', optional(oneOf('0', '1'), '0')],
    chromePath: ['CHROME_PATH', optional(executable(), undefined)],
    browserImage: ['WALLCRAWLER_BROWSER_IMAGE', optional(text(), undefined)],
    containerEngine: ['WALLCRAWLER_CONTAINER_ENGINE', optional(words(), ['docker'])],
    searchPath: ['PATH', optional(text(), '/usr/bin:/bin')],
    home: ['HOME', optional(text(), '/tmp')],
  }),
  /** For the container engine's command, whose own variables (DOCKER_HOST and the like) we do not know. */
  engineEnvironment: env,
});
