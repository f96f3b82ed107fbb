/** All of `npm start`, as a bench needs it: who asks it, how full its pool is, and when it has come to rest. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Browserbase } from '@browserbasehq/sdk';
import { descendantsOf, listProcesses, type ProcessInfo } from '../../tests/e2e/support/processes.ts';
import { until } from '../../tests/e2e/support/until.ts';
import {
  type StartOptions,
  startWallcrawler,
  type Wallcrawler,
} from '../../tests/e2e/support/wallcrawler.ts';

const WARM_METRIC = 'wallcrawler_warm_available';
const REST_LIMIT_MS = 60_000;

export interface Platform {
  readonly wallcrawler: Wallcrawler;
  /** Browserbase's own, as users have it: without the tests' check of each answer, which takes time. */
  readonly client: Browserbase;
  readonly chromePath: string;
  /** Containers that wait for a session; undefined where there is no warm pool. */
  warmAvailable(): Promise<number | undefined>;
  /** No session runs, what they were has ended, and the pool is full: nothing of before takes CPU from what comes. */
  rest(): Promise<void>;
  /** The one Chrome that runs, with its controller. Throws when there is none, or more than one. */
  onlyChrome(): ChromeProcess;
  /** Each Chrome that runs, with its controller. */
  chromes(): readonly ChromeProcess[];
  dispose(): Promise<void>;
}

export interface ChromeProcess {
  readonly chrome: ProcessInfo;
  readonly controllerPid: number;
}

export interface PlatformOptions extends StartOptions {
  /** How many containers wait for sessions; 0: none. */
  readonly warm: number;
}

export async function startPlatform({ warm, env, ...options }: PlatformOptions): Promise<Platform> {
  const wallcrawler = await startWallcrawler({ ...options, env: { ...env, WALLCRAWLER_WARM: String(warm) } });
  const chromePath = /^Chrome\s+(\S+)/m.exec(wallcrawler.output())?.[1];
  if (chromePath === undefined) throw new Error('npm start does not say which Chrome it found');
  const { url, apiKey } = wallcrawler;
  const metric = async (name: string) => readMetric(await (await fetch(`${url}/metrics`)).text(), name);
  const warmAvailable = () => metric(WARM_METRIC);
  const isAtRest = async () => {
    const available = (await warmAvailable()) ?? 0;
    const hasPool = (await warmAvailable()) !== undefined;
    const tasks = readdirSync(join(wallcrawler.dataDir, 'tasks')).length;
    return (
      (await metric('wallcrawler_sessions')) === 0 && tasks === available && (!hasPool || available >= warm)
    );
  };
  return {
    wallcrawler,
    client: new Browserbase({ apiKey, baseURL: url, maxRetries: 0 }),
    chromePath,
    warmAvailable,
    rest: async () => void (await until('the machine comes to rest', isAtRest, REST_LIMIT_MS)),
    onlyChrome: () => onlyChromeOf(wallcrawler),
    chromes: () => chromesOf(wallcrawler),
    dispose: () => wallcrawler.dispose(),
  };
}

/** The sum over the labels of a metric; undefined when there is none of that name. */
export function readMetric(text: string, name: string): number | undefined {
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' '))));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

function onlyChromeOf(wallcrawler: Wallcrawler): ChromeProcess {
  const found = chromesOf(wallcrawler);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`${found.length} Chromes run, and one is asked for`);
  return only;
}

function chromesOf(wallcrawler: Wallcrawler): readonly ChromeProcess[] {
  const found = descendantsOf(wallcrawler.pid).filter(
    ({ command }) => command.includes('--user-data-dir') && !command.includes('--type='),
  );
  const all = listProcesses();
  return found.map((chrome) => ({
    chrome,
    controllerPid: all.find(({ pid }) => pid === chrome.pid)?.parentPid ?? 0,
  }));
}
