import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, join } from 'node:path';
import { containerCommand, type TaskImage } from './task-container.ts';

export interface TaskLauncherOptions {
  /** The Node that runs the controller, and the controller's bundle. */
  readonly nodePath: string;
  readonly controllerBundle: string;
  /** Sessions have their folders here. Users other than ours must be able to enter it. */
  readonly sessionRoot: string;
  readonly chromePath?: string | undefined;
  /** When given, a task is a container of this image, which brings its own Node, bundle and Chrome. */
  readonly image?: TaskImage | undefined;
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
  const { command, args, env } = commandOf(options, input);
  const child = spawn(command, [...args, ...mark], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
    cwd: options.sessionRoot,
  });
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child));
    child.once('error', reject);
  });
}

function commandOf(options: TaskLauncherOptions, input: LaunchInput) {
  const { image, nodePath, controllerBundle } = options;
  const environment = taskEnvironment(options, input);
  if (image !== undefined) {
    const name = containerNameOf(options, input);
    return containerCommand(image, { name, environment });
  }
  const env = { ...processEnvironment(options, input), ...environment };
  return { command: nodePath, args: [controllerBundle], env };
}

/** All of the task: nothing of ours is inherited, least of all AWS credentials. */
function taskEnvironment(options: TaskLauncherOptions, input: LaunchInput): Record<string, string> {
  return {
    ...options.extraEnvironment,
    ...input.environment,
    PROXY_HOST: options.proxyHost,
    PROXY_PORT: String(input.hostPort),
    ...(input.uid === undefined ? {} : { CHROME_UID: String(input.uid), CHROME_GID: String(input.uid) }),
  };
}

/** What an image would bring. */
const processEnvironment = (options: TaskLauncherOptions, input: LaunchInput): Record<string, string> => ({
  PATH,
  SESSION_ROOT: options.sessionRoot,
  ...(options.chromePath === undefined ? {} : { CHROME_PATH: options.chromePath }),
  NODE_COMPILE_CACHE: input.compileCache,
});

/** The session root is named after the data folder, and a port is one task's alone: so no two machines share a name. */
export const containerNameOf = (
  { sessionRoot }: TaskLauncherOptions,
  { hostPort }: { readonly hostPort: number },
): string => `${basename(sessionRoot)}-${hostPort}`;

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
