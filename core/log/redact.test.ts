import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from './logger.ts';
import { redactText } from './redact.ts';

const JWT = 'eyJhbGciOiJFUzI1NiIsImtpZCI6ImEifQ.eyJzdWIiOiJzMSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ';

/** What the one line of a log entry says. */
function logged(fields: Record<string, unknown>): Record<string, unknown> {
  const lines: string[] = [];
  createLogger({}, (line) => lines.push(line)).info('m', fields);
  assert.is(lines.length, 1);
  assert.not.match(lines[0] ?? '', '\n');
  return JSON.parse(lines[0] ?? '');
}

const texts = suite('redactText');

for (const [text, shown] of [
  [JWT, '[redacted]'],
  [`Bearer ${JWT}`, 'Bearer [redacted]'],
  [`http://h/live/${JWT}/json/list`, 'http://h/live/[redacted]/json/list'],
  [`ws://h/?signingKey=${JWT}`, 'ws://h/?signingKey=[redacted]'],
  ['ws://h/?signingKey=opaque&x=1', 'ws://h/?signingKey=[redacted]&x=1'],
  [`a ${JWT} and ${JWT}.`, 'a [redacted] and [redacted].'],
  [`"${JWT}"`, '"[redacted]"'],
  ['wc_0123456789abcdef', '[redacted]'],
  ['key wc_0123456789abcdef, gone', 'key [redacted], gone'],
  [
    '?X-Amz-Credential=AKIA&X-Amz-Signature=0ff&partNumber=1',
    '?X-Amz-Credential=[redacted]&X-Amz-Signature=[redacted]&partNumber=1',
  ],
  ['?X-Amz-Security-Token=IQoJ/+= end', '?X-Amz-Security-Token=[redacted] end'],
  ['token=abc', 'token=[redacted]'],
  ['secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw+/8=.', 'secret [redacted].'],
  ['wc_short', 'wc_short'],
  ['eyJ is how they begin', 'eyJ is how they begin'],
  ['3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11', '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11'],
  ['', ''],
] as const) {
  texts(`shows ${JSON.stringify(shown)}`, () => {
    assert.is(redactText(text), shown);
    assert.is(redactText(text), shown, 'and the same a second time');
  });
}

texts('finds a token before it cuts, so that no half of one is left', () => {
  const shown = redactText(`${'x'.repeat(4_080)} ${JWT}`);
  assert.not.match(shown, 'eyJ');
  assert.ok(shown.length <= 4_096 + '[cut]'.length);
});

texts.run();

// ---

const fields = suite('the fields of a log line');

for (const name of [
  'token',
  'CONTROLLER_TOKEN',
  'secret',
  'password',
  'Authorization',
  'set-cookie',
  'signingKey',
  'x-wc-api-key',
  'apiKey',
  'apiKeyHash',
  'uploadUrl',
  'downloadUrl',
  'connectUrl',
]) {
  fields(`withhold what stands under ${name}, whatever it is`, () => {
    assert.is(logged({ [name]: 'v' })[name], '[redacted]');
    assert.is(logged({ [name]: { inner: 'v' } })[name], '[redacted]');
    assert.is(logged({ [name]: ['v'] })[name], '[redacted]');
  });
}

fields('show numbers and flags under such names: how many tokens, whether there is a secret', () => {
  const { tokenCount, hasSecret } = logged({ tokenCount: 3, hasSecret: false });
  assert.equal([tokenCount, hasSecret], [3, false]);
});

fields('show no token in a name', () => {
  assert.not.match(JSON.stringify(logged({ sent: { [`?signingKey=${JWT}`]: 1 } })), 'eyJ');
});

fields('show a moment as a moment', () => {
  const { at, never } = logged({ at: new Date('2026-06-01T00:00:00.000Z'), never: new Date(Number.NaN) });
  assert.equal([at, never], ['2026-06-01T00:00:00.000Z', null]);
});

fields('show what JSON has no form for, or leave it out, and never fail', () => {
  const shown = logged({ big: 12n, none: undefined, not: Number.NaN, run: () => 1, nothing: null });
  assert.equal([shown.big, shown.not, shown.nothing], ['12', null, null]);
  assert.not('none' in shown);
  assert.not('run' in shown);
});

fields('end where they would go round in a circle', () => {
  const circle: { self?: unknown; name: string } = { name: 'n' };
  circle.self = circle;
  assert.match(JSON.stringify(logged({ circle })), /\[deep\]/);
  const error = new Error('round');
  error.cause = error;
  assert.match(JSON.stringify(logged({ error })), /\[deep\]/);
});

fields('stay on one line, whatever a text holds', () => {
  const { text } = logged({ text: 'a\nb\r\n{"level":"info"}\u2028' });
  assert.is(text, 'a\nb\r\n{"level":"info"}\u2028');
});

fields.run();

// ---

const errors = suite('an error in a log line');

const describe = (error: unknown) => logged({ error }).error as Record<string, unknown>;

errors('shows name, code, message and cause', () => {
  class OddError extends Error {
    override readonly name = 'OddError';
    readonly code = 'ECONNRESET';
  }
  const shown = describe(new OddError('outer', { cause: new TypeError('inner') }));
  assert.equal([shown.name, shown.code, shown.message], ['OddError', 'ECONNRESET', 'outer']);
  const cause = shown.cause as Record<string, unknown>;
  assert.equal([cause.name, cause.message], ['TypeError', 'inner']);
});

errors('shows no token of its message, its stack or its causes', () => {
  const error = new Error(`GET ?signingKey=${JWT}`, { cause: new Error(JWT, { cause: `text ${JWT}` }) });
  assert.not.match(JSON.stringify(describe(error)), 'eyJ');
});

errors('shows each of several', () => {
  const shown = describe(new AggregateError([new Error('first'), new Error(JWT)], 'two failed'));
  const [first, second] = shown.errors as Record<string, unknown>[];
  assert.equal([first?.message, second?.message], ['first', '[redacted]']);
});

errors('shows nothing else that hangs on it, such as a request with its headers', () => {
  const error = Object.assign(new Error('m'), { $response: { headers: { cookie: 'hunter2' } }, code: 7 });
  assert.not.match(JSON.stringify(describe(error)), 'hunter2');
});

errors.run();
