/** A task as a container of the browser image, run by Docker or by a client that takes Docker's arguments. */
import { execFile } from 'node:child_process';

export interface TaskImage {
  readonly name: string;
  /** The engine's command, with what stands before its first argument: `docker`, or `sudo docker`. */
  readonly engine: readonly string[];
  /** What the engine's command reads of the environment: PATH, HOME, DOCKER_HOST and others. */
  readonly engineEnvironment: Readonly<Record<string, string | undefined>>;
}

export interface TaskContainer {
  readonly engine: readonly string[];
  readonly name: string;
}

/**
 * What the controller needs to run Chrome as another user, and all it has; the task definition arrives at the same by
 * dropping the others. SYS_CHROOT is nothing to Chrome's user, who has no capability at all: engines let chroot(2)
 * through only with it, and Chrome's sandbox calls that in a namespace of its own.
 */
export const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'KILL', 'SETGID', 'SETUID', 'SYS_CHROOT'];

const REMOVE_LIMIT_MS = 30_000;
const INSPECT_LIMIT_MS = 30_000;
const IS_GONE = /no such container|already in progress/i;

/** The image cannot be run here. */
export class ImageNotUsable extends Error {
  override readonly name = 'ImageNotUsable';
}

/** The command that runs a task's container in the foreground: its output and exit code are the container's. */
export function containerCommand(
  { name: image, engine, engineEnvironment }: TaskImage,
  { name, environment }: { name: string; environment: Readonly<Record<string, string>> },
) {
  const [command = 'docker', ...before] = engine;
  return {
    command,
    args: [
      ...before,
      ...['run', '--rm', '--name', name, '--pull', 'never'],
      // The proxy's port, and the way to the API: both on this machine's loopback.
      ...['--network', 'host'],
      ...['--read-only', '--security-opt', 'no-new-privileges', '--cap-drop', 'ALL'],
      ...CAPABILITIES.flatMap((capability) => ['--cap-add', capability]),
      // Names only: a command line is read by every user of the machine.
      ...Object.keys(environment).flatMap((variable) => ['--env', variable]),
      ...mountsOf(environment),
      image,
    ],
    env: { ...engineEnvironment, ...environment },
  };
}

/** A file of this machine's that the container is told of, where it is. */
const mountsOf = ({ AD_HOSTS_FILE: file }: Readonly<Record<string, string>>): readonly string[] =>
  file === undefined ? [] : ['--mount', `type=bind,source=${file},target=${file},readonly`];

/** Ends and removes the container, if it is still there. */
export async function removeContainer({ engine, name }: TaskContainer): Promise<void> {
  const { code, output } = await runEngine(engine, ['rm', '--force', '--volumes', name], REMOVE_LIMIT_MS);
  if (code !== 0 && !IS_GONE.test(output)) {
    throw new Error(`The container ${name} could not be removed: ${output}`);
  }
}

/** Rejects with what to do when the engine cannot be run, or does not have the image. */
export async function requireImage({ name, engine }: Pick<TaskImage, 'name' | 'engine'>): Promise<void> {
  const { code, output } = await runEngine(engine, ['image', 'inspect', name], INSPECT_LIMIT_MS);
  if (code === 0) return;
  throw new ImageNotUsable(
    `${engine.join(' ')} cannot run WALLCRAWLER_BROWSER_IMAGE=${name}. ` +
      `"npm run image -- controller" builds the image and says its name. The engine says: ${output}`,
  );
}

function runEngine(engine: readonly string[], args: readonly string[], timeout: number) {
  const [command = 'docker', ...before] = engine;
  return new Promise<{ code: number | string; output: string }>((resolve) => {
    execFile(command, [...before, ...args], { timeout }, (error, _stdout, stderr) => {
      const code = error === null ? 0 : (error.code ?? error.signal ?? 1);
      resolve({ code, output: stderr.trim() || (error?.message ?? '') });
    });
  });
}
