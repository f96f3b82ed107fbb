/**
 * Traces by OTLP over HTTP, with OpenTelemetry's own SDK. A bundle of its own (scripts/otlp-traces-plugin.mjs): it is read
 * only where there is somewhere to send them. Nothing here is global: on one machine functions share a thread.
 */
import { type Context, ROOT_CONTEXT, type Span as SdkSpan, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from '../log/logger.ts';
import { redactText } from '../log/redact.ts';
import { withTimeout } from '../server/with-timeout.ts';
import type { Span, SpanAttributes, Tracing } from './tracing.ts';

/** A collector that does not answer costs a function so long, and a container that ends. */
const SEND_MS = 1_000;
const FLUSH_MS = 1_500;
const GATHER_MS = 1_000;

interface Options {
  readonly service: string;
  /** Without the path of the signal, as the standard's variable has it. */
  readonly endpoint: string;
  readonly logger: Logger;
}

export function createOtlpTracing({ service, endpoint, logger }: Options): Tracing {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = telling(new OTLPTraceExporter({ url, headers: {}, timeoutMillis: SEND_MS }), logger);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'wallcrawler' }),
    // Whatever a client says of its own trace.
    sampler: new AlwaysOnSampler(),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: GATHER_MS })],
  });
  const tracer = provider.getTracer('wallcrawler');
  const start = (name: string, context: Context, attributes: SpanAttributes, startTime?: number): Span =>
    spanOf(
      tracer.startSpan(
        name,
        { attributes: known(attributes), ...(startTime === undefined ? {} : { startTime }) },
        context,
      ),
      start,
    );
  return {
    start: (name, { parent, attributes = {}, startAtMs } = {}) =>
      start(name, contextOf(parent), attributes, startAtMs),
    flush: async () =>
      void (await withTimeout(
        provider.forceFlush().catch(() => undefined),
        FLUSH_MS,
      )),
  };
}

type Start = (name: string, context: Context, attributes: SpanAttributes) => Span;

function spanOf(span: SdkSpan, start: Start): Span {
  const { traceId, spanId } = span.spanContext();
  let isOver = false;
  return {
    traceparent: `00-${traceId}-${spanId}-01`,
    child: (name, attributes = {}) => start(name, trace.setSpan(ROOT_CONTEXT, span), attributes),
    set: (attributes) => void span.setAttributes(known(attributes)),
    end(error) {
      if (isOver) return;
      isOver = true;
      if (error !== undefined) {
        const { name, message } = error as Partial<Error>;
        span.setStatus({ code: SpanStatusCode.ERROR, message: redactText(`${name}: ${message}`) });
      }
      span.end();
    },
  };
}

/** What is not known is not said; and no text that looks like a credential is. */
const known = (attributes: SpanAttributes) =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => {
      if (value === undefined) return [];
      return [[name, typeof value === 'string' ? redactText(value) : value] as const];
    }),
  );

function contextOf(traceparent: string | undefined): Context {
  const [, traceId, spanId] = traceparent?.split('-') ?? [];
  if (traceId === undefined || spanId === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: 1, isRemote: true });
}

/** Says in the log when a collector stops taking them: by itself the SDK is silent. Once, until it takes some again. */
function telling(exporter: SpanExporter, logger: Logger): SpanExporter {
  let isTold = false;
  return {
    export: (spans: ReadableSpan[], done) =>
      exporter.export(spans, (result) => {
        const isFailed = result.code !== 0;
        if (isFailed && !isTold)
          logger.warn('traces are not taken', { count: spans.length, error: result.error });
        isTold = isFailed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
