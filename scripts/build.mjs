/**
 * Builds dist/: a bundle and a reproducible zip for every function, bundles for the controller, the router and the
 * inside of a function's environment on one machine, esbuild's metafiles in dist/meta, and in infrastructure.json what
 * one machine reads from terraform/. Runs in the package's root.
 *
 *   node scripts/build.mjs [--quiet] [--if-stale]
 */
import { ensureBuilt } from './ensure-built.mjs';

const has = (option) => process.argv.includes(option);

try {
  await ensureBuilt(process.cwd(), { isQuiet: has('--quiet'), isForced: !has('--if-stale') });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
