import { engine } from './engine.ts';

export interface ContainerProcess {
  readonly pid: number;
  readonly uid: number;
  readonly state: string;
  readonly capabilities: number;
  readonly hasNoNewPrivileges: boolean;
  readonly command: string;
}

/** A running container, looked at through the engine. */
export interface Container {
  readonly name: string;
  run(command: readonly string[], options?: readonly string[]): ReturnType<typeof engine>;
  processes(): Promise<readonly ContainerProcess[]>;
}

// With what a shell has by itself: the image has no ps.
const LIST_PROCESSES = `for folder in /proc/[0-9]*; do
  printf '%s\\t' "\${folder#/proc/}"
  while read -r name value _; do
    case $name in State:|Uid:|CapEff:|NoNewPrivs:) printf '%s\\t' "$value" ;; esac
  done < "$folder/status"
  tr '\\0' ' ' < "$folder/cmdline"
  echo
done 2>/dev/null`;

/** Finds the container of a session by the port in its connectUrl, which is the container's own without the router. */
export async function containerOf({ connectUrl }: { readonly connectUrl: string }): Promise<Container> {
  const { port } = new URL(connectUrl);
  const { stdout } = await engine('ps', '--format', '{{.Names}}');
  const name = stdout.split('\n').find((candidate) => candidate.endsWith(`-${port}`));
  if (name === undefined) throw new Error(`No container ends with -${port}:\n${stdout}`);
  return containerNamed(name);
}

export function containerNamed(name: string): Container {
  const run: Container['run'] = (command, options = []) => engine('exec', ...options, name, ...command);
  return {
    name,
    run,
    async processes() {
      const { stdout: lines } = await run(['bash', '-c', LIST_PROCESSES]);
      return lines.trim().split('\n').flatMap(readProcess);
    },
  };
}

function readProcess(line: string): readonly ContainerProcess[] {
  const [pid, state = '', uid, capabilities = '', noNewPrivileges, command = ''] = line.split('\t');
  // It went while it was being read, or is the shell that reads.
  if (noNewPrivileges === undefined || command.startsWith('bash -c for folder')) return [];
  return [
    {
      pid: Number(pid),
      uid: Number(uid),
      state,
      capabilities: Number.parseInt(capabilities, 16),
      hasNoNewPrivileges: noNewPrivileges === '1',
      command,
    },
  ];
}
