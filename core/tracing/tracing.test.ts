import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordLog } from '../testing/record-log.ts';
import { openTracing, startTracing } from './open-tracing.ts';
import { NO_SPAN, NO_TRACING, parseTraceparent, type Span, within } from './tracing.ts';

const parents = suite('a traceparent from elsewhere');

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

parents('is taken as W3C has it, and else is none', () => {
  assert.is(parseTraceparent(`00-${TRACE}-${SPAN}-01`), `00-${TRACE}-${SPAN}-01`);
  for (const text of [
    undefined,
    '',
    `00-${TRACE}-${SPAN}`,
    `01-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01\n`,
    `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
  ])
    assert.is(parseTraceparent(text), undefined, JSON.stringify(text));
});

parents.run();

// ---

const parts = suite('a part of a span');

/** A span that writes down what becomes of its parts. */
function recording() {
  const said: string[] = [];
  const part = (name: string): Span => ({
    ...NO_SPAN,
    end: (error?: unknown) =>
      void said.push(error === undefined ? name : `${name}: ${(error as Error).message}`),
  });
  return { said, span: { ...NO_SPAN, child: part } };
}

parts('ends with what it ran, well or badly', async () => {
  const { said, span } = recording();
  assert.is(await within(span, 'good', async () => 1), 1);
  const fault = new Error('no');
  const failed = within(span, 'bad', async () => {
    throw fault;
  });
  assert.is(await failed.catch((error) => error), fault);
  assert.equal(said, ['good', 'bad: no']);
});

parts.run();

// ---

const opening = suite('openTracing');

opening('without an endpoint does nothing, and loads nothing', async () => {
  for (const env of [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: '' }])
    assert.is(await openTracing('x', env, recordLog().logger), NO_TRACING);
});

opening('names a variable that cannot be used', async () => {
  const opened = openTracing('x', { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, recordLog().logger);
  assert.match((await opened.catch((error) => error)).message, /OTEL_EXPORTER_OTLP_ENDPOINT must be a URL/);
});

opening('has parts below their parents, and says once that they are not taken', async () => {
  const log = recordLog();
  // Nobody listens there.
  const tracing = await openTracing('x', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, log.logger);
  const root = tracing.start('root', { parent: `00-${TRACE}-${SPAN}-00` });
  const [, traceId, spanId] = root.traceparent?.split('-') ?? [];
  assert.is(traceId, TRACE);
  assert.is.not(spanId, SPAN);
  assert.is(root.child('part').traceparent?.split('-')[1], TRACE);
  for (const _ of [1, 2]) {
    tracing.start('one').end(new Error('Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'));
    await tracing.flush();
  }
  assert.equal(
    log.lines().map(({ message }) => message),
    ['traces are not taken'],
  );
  assert.not.match(log.text(), 'c2lnbmF0dXJl');
});

opening('is not waited for by who cannot wait', async () => {
  const opened = Promise.withResolvers<typeof NO_TRACING>();
  const tracing = startTracing(opened.promise);
  assert.is(tracing.start('early'), NO_SPAN);
  const span: Span = { ...NO_SPAN };
  opened.resolve({ ...NO_TRACING, start: () => span });
  await opened.promise;
  assert.is(tracing.start('late'), span);
});

opening.run();
