import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { constants } from 'node:os';
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
  readonly chromeVersion?: string | undefined;
  /** When given, a task is a container of this image, which brings its own Node, bundle and Chrome. */
  readonly image?: TaskImage | undefined;
  /** Where the proxies listen. */
  readonly proxyHost: string;
  /** What this machine tells each container, in place of what the task definition says of it. */
  readonly environment?: Readonly<Record<string, string>>;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SIGNAL_EXIT = 128;

/**
 * Starts a task's process in a group of its own. Rejects when it cannot be run at all. `environment` is what the task
 * definition and RunTask say; nothing of ours is inherited, least of all AWS credentials.
 */
export async function launchTask(
  options: TaskLauncherOptions,
  task: Task,
  environment: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  // Enterable, but not listable: a Chrome of another user finds its own folder and learns of no other.
  mkdirSync(options.sessionRoot, { recursive: true, mode: 0o711 });
  // For whoever looks for what a session left behind: the controller itself does not read it.
  const mark = task.sessionFolder === undefined ? [] : [`--session-folder=${task.sessionFolder}`];
  const { command, args, env } = commandOf(options, task, {
    ...environment,
    ...options.environment,
    ...hostEnvironment(task),
  });
  const child = spawn(command, [...args, ...mark], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
    cwd: options.sessionRoot,
  });
  await once(child, 'spawn');
  return child;
}

function commandOf(
  { image, nodePath, bundleOf, ...options }: TaskLauncherOptions,
  { container, containerName }: Task,
  environment: Readonly<Record<string, string>>,
) {
  if (image !== undefined && container !== undefined) {
    return containerCommand(image, { name: container.name, environment });
  }
  const { sessionRoot: SESSION_ROOT, compileCache: NODE_COMPILE_CACHE, chromePath, chromeVersion } = options;
  const chrome = { CHROME_PATH: chromePath, CHROME_VERSION: chromeVersion };
  // What an image would bring.
  const env = { PATH, SESSION_ROOT, NODE_COMPILE_CACHE, ...chrome, ...environment };
  return { command: nodePath, args: [bundleOf(containerName)], env };
}

const hostEnvironment = ({ proxyHost, hostPort, uid }: Task): Record<string, string> => ({
  PROXY_HOST: proxyHost,
  PROXY_PORT: String(hostPort),
  ...(uid === undefined ? {} : { CHROME_UID: String(uid), CHROME_GID: String(uid) }),
});

/** The exit code as ECS reports it: 128 + n for a signal. */
export async function awaitTaskExit(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? SIGNAL_EXIT + (signal === null ? 0 : constants.signals[signal]);
}
