import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';

const result = await build({
  entryPoints: [fileURLToPath(new URL('./environment-worker.ts', import.meta.url))],
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  write: false,
});
// esbuild's service would stay as a process of its own.
await stop();

/** The inside of an environment as plain JavaScript: a thread that has to load Node's type stripper starts 28 ms later. */
export const WORKER_SOURCE = result.outputFiles[0]?.text as string;
