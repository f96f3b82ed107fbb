import { optional, readConfig, url } from '../config/env.ts';
import type { Logger } from '../log/logger.ts';
import { NO_TRACING, type Tracing } from './tracing.ts';

/** The variables that OpenTelemetry's own specification names. */
const VARIABLES = {
  endpoint: ['OTEL_EXPORTER_OTLP_ENDPOINT', optional(url('http:', 'https:'), undefined)],
} as const;

/**
 * Where traces go, for a process or a function. OpenTelemetry's SDK is a file of its own beside the bundle, and is read only
 * where there is an endpoint.
 */
export async function openTracing(
  service: string,
  env: Readonly<Record<string, string | undefined>>,
  logger: Logger,
): Promise<Tracing> {
  const { endpoint } = readConfig(env, VARIABLES);
  if (endpoint === undefined) return NO_TRACING;
  const { createOtlpTracing } = await import('./otlp-traces.ts');
  return createOtlpTracing({ service, endpoint: endpoint.toString(), logger });
}

/** For a process that does not wait for it: until it is there, nothing is traced. */
export function startTracing(opening: Promise<Tracing>): Tracing {
  let tracing = NO_TRACING;
  void opening.then((opened) => {
    tracing = opened;
  });
  return { start: (name, options) => tracing.start(name, options), flush: () => tracing.flush() };
}
