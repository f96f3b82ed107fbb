import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

export interface TaskLauncherOptions {
  /** The Node that runs the controller, and the controller's bundle. */
  readonly nodePath: string;
  readonly controllerBundle: string;
  /** Sessions have their folders here. Users other than ours must be able to enter it. */
  readonly sessionRoot: string;
  readonly chromePath: string;
  /** Where the proxies listen. */
  readonly proxyHost: string;
  /** Added to the task's environment: what belongs to the task definition or to this machine, not to the session. */
  readonly extraEnvironment?: Readonly<Record<string, string>>;
  onLog(line: string, taskId: string): void;
}

export interface LaunchInput {
  readonly environment: Readonly<Record<string, string>>;
  readonly hostPort: number;
  readonly uid: number | undefined;
  readonly sessionFolder: string | undefined;
  readonly compileCache: string;
}

export interface TaskExit {
  /** As ECS reports it: 128 + n for a signal. */
  readonly exitCode: number;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SIGNAL_EXIT = 128;
const SESSION_ID = /^[\w-]{1,64}$/;

/** Starts a controller in a process group of its own. Rejects when it cannot be run at all. */
export function launchTask(options: TaskLauncherOptions, input: LaunchInput): Promise<ChildProcess> {
  // Enterable, but not listable: a Chrome of another user finds its own folder and learns of no other.
  mkdirSync(options.sessionRoot, { recursive: true, mode: 0o711 });
  // For whoever looks for what a session left behind: the controller itself does not read it.
  const mark = input.sessionFolder === undefined ? [] : [`--session-folder=${input.sessionFolder}`];
  const child = spawn(options.nodePath, [options.controllerBundle, ...mark], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: taskEnvironment(options, input),
    cwd: options.sessionRoot,
  });
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child));
    child.once('error', reject);
  });
}

/** All that the controller gets: nothing of ours is inherited, least of all AWS credentials. */
function taskEnvironment(options: TaskLauncherOptions, input: LaunchInput): Record<string, string> {
  return {
    PATH,
    ...options.extraEnvironment,
    ...input.environment,
    PROXY_HOST: options.proxyHost,
    PROXY_PORT: String(input.hostPort),
    SESSION_ROOT: options.sessionRoot,
    CHROME_PATH: options.chromePath,
    NODE_COMPILE_CACHE: input.compileCache,
    ...(input.uid === undefined ? {} : { CHROME_UID: String(input.uid), CHROME_GID: String(input.uid) }),
  };
}

/** The session's folder, as the controller names it. An id that is no plain name gets none. */
export function sessionFolderOf(
  { sessionRoot }: TaskLauncherOptions,
  environment: Readonly<Record<string, string>>,
): string | undefined {
  const sessionId = environment.SESSION_ID;
  return sessionId !== undefined && SESSION_ID.test(sessionId) ? join(sessionRoot, sessionId) : undefined;
}

export const awaitTaskExit = (child: ChildProcess): Promise<TaskExit> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      resolve({ exitCode: code ?? SIGNAL_EXIT + (signal === null ? 0 : constants.signals[signal]) }),
    );
  });
