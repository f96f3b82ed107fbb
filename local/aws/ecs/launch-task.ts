import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, join } from 'node:path';
import type { Task } from './task.ts';
import { containerCommand, type TaskImage } from './task-container.ts';

export interface TaskLauncherOptions {
  /** The Node that runs a task's bundle, and which bundle that is, by the name of the task's container. */
  readonly nodePath: string;
  bundleOf(containerName: string): string;
  /** Sessions have their folders here. Users other than ours must be able to enter it. */
  readonly sessionRoot: string;
  readonly compileCache: string;
  readonly chromePath?: string | undefined;
  /** When given, a task is a container of this image, which brings its own Node, bundle and Chrome. */
  readonly image?: TaskImage | undefined;
  /** Where the proxies listen. */
  readonly proxyHost: string;
}

export interface TaskExit {
  /** As ECS reports it: 128 + n for a signal. */
  readonly exitCode: number;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SIGNAL_EXIT = 128;
const SESSION_ID = /^[\w-]{1,64}$/;

/**
 * Starts a task's process in a group of its own. Rejects when it cannot be run at all. `environment` is what the task
 * definition and RunTask say; nothing of ours is inherited, least of all AWS credentials.
 */
export function launchTask(
  options: TaskLauncherOptions,
  task: Task,
  environment: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  // Enterable, but not listable: a Chrome of another user finds its own folder and learns of no other.
  mkdirSync(options.sessionRoot, { recursive: true, mode: 0o711 });
  // For whoever looks for what a session left behind: the controller itself does not read it.
  const mark = task.sessionFolder === undefined ? [] : [`--session-folder=${task.sessionFolder}`];
  const { command, args, env } = commandOf(options, task, { ...environment, ...hostEnvironment(task) });
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

function commandOf(
  options: TaskLauncherOptions,
  { container, containerName }: Task,
  environment: Readonly<Record<string, string>>,
) {
  const { image, nodePath } = options;
  if (image !== undefined && container !== undefined) {
    return containerCommand(image, { name: container.name, environment });
  }
  const env = { ...processEnvironment(options), ...environment };
  return { command: nodePath, args: [options.bundleOf(containerName)], env };
}

const hostEnvironment = ({ proxyHost, hostPort, uid }: Task): Record<string, string> => ({
  PROXY_HOST: proxyHost,
  PROXY_PORT: String(hostPort),
  ...(uid === undefined ? {} : { CHROME_UID: String(uid), CHROME_GID: String(uid) }),
});

/** What an image would bring. */
const processEnvironment = ({ sessionRoot, chromePath, compileCache }: TaskLauncherOptions) => ({
  PATH,
  SESSION_ROOT: sessionRoot,
  ...(chromePath === undefined ? {} : { CHROME_PATH: chromePath }),
  NODE_COMPILE_CACHE: compileCache,
});

/** The session root is named after the data folder, and a port is one task's alone: so no two machines share a name. */
export const containerNameOf = (
  { sessionRoot }: Pick<TaskLauncherOptions, 'sessionRoot'>,
  { hostPort }: { readonly hostPort: number },
): string => `${basename(sessionRoot)}-${hostPort}`;

/** The session's folder, as the controller names it. An id that is no plain name gets none. */
export function sessionFolderOf(
  { sessionRoot }: Pick<TaskLauncherOptions, 'sessionRoot'>,
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
