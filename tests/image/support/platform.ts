/** One machine in a container of the platform's image, run as local/compose.yaml says, on a free port of this machine. */
import { createServer } from 'node:net';
import { Browserbase } from '@browserbasehq/sdk';
import { until } from '../../e2e/support/until.ts';
import { type Container, containerNamed } from './container.ts';
import { engine } from './engine.ts';

export const API_KEY = 'wc_image-key-of-the-test-run';
const STOP_GRACE_SECONDS = '15';
const START_LIMIT_MS = 60_000;

// What local/compose.yaml asks for; tests/contract/image.test.ts holds the two together.
export const COMPOSE_OPTIONS: readonly string[] = [
  ...['--cap-drop', 'ALL', '--cap-add', 'SYS_ADMIN', '--cap-add', 'SYS_CHROOT'],
  ...['--security-opt', 'no-new-privileges', '--read-only', '--shm-size', '1g'],
];

export interface Platform extends Container {
  readonly url: string;
  readonly client: Browserbase;
  /** All that it has printed. */
  output(): Promise<string>;
  /** As compose stops it; resolves with the exit code. */
  stop(): Promise<number>;
  remove(): Promise<void>;
}

export interface PlatformOptions {
  readonly image: string;
  readonly name: string;
  readonly options?: readonly string[];
}

export async function startPlatform({ image, name, options = [] }: PlatformOptions): Promise<Platform> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await must(
    'run',
    '--detach',
    '--name',
    name,
    '--publish',
    `127.0.0.1:${port}:8787`,
    ...[
      ...['--env', `WALLCRAWLER_API_KEY=${API_KEY}`, '--env', `WALLCRAWLER_PUBLIC_URL=${url}`],
      ...options,
      image,
    ],
  );
  const output = async () => {
    const { stdout, stderr } = await engine('logs', name);
    return `${stdout}${stderr}`;
  };
  await until(
    'the machine in the container is ready',
    async () => (await output()).includes(`\nready ${url}`),
    START_LIMIT_MS,
  );
  return {
    ...containerNamed(name),
    url,
    client: new Browserbase({ apiKey: API_KEY, baseURL: url, maxRetries: 0 }),
    output,
    async stop() {
      await must('stop', '--time', STOP_GRACE_SECONDS, name);
      return Number(await must('inspect', '--format', '{{.State.ExitCode}}', name));
    },
    async remove() {
      await must('rm', '--force', '--volumes', name);
    },
  };
}

/** Runs one command of the engine; rejects with what it says when that fails. */
export async function must(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await engine(...args);
  if (code !== 0) throw new Error(`"${args.join(' ')}" ended with ${code}: ${stderr}`);
  return stdout.trim();
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer().once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number };
    server.close(() => resolve(port));
  });
  return promise;
}
