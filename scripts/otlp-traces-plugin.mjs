import { join } from 'node:path';

/** OpenTelemetry's SDK, as a bundle of its own. */
export const OTLP_TRACES = 'otlp-traces';
export const OTLP_TRACES_SOURCE = 'core/tracing/otlp-traces.ts';
/** Beside each bundle that may ask for it. */
export const OTLP_TRACES_FILE = 'otlp-traces.js';

/** Keeps it out of the bundles that import it: they read the file beside them, when they need it. */
export const otlpTracesPlugin = (root) => ({
  name: 'otlp-traces',
  setup(build) {
    const source = join(root, OTLP_TRACES_SOURCE);
    build.onResolve({ filter: /\/otlp-traces\.ts$/ }, ({ path, resolveDir, kind }) =>
      kind === 'dynamic-import' && join(resolveDir, path) === source
        ? { path: `./${OTLP_TRACES_FILE}`, external: true }
        : undefined,
    );
  },
});
