import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFunctionLookup, describeFunctions, describeRules } from './targets.ts';
import { faultOf, withModule } from './testing/read-source.ts';

const functionOf = (name: string, lines = '') => `resource "aws_lambda_function" "${name}" {
  function_name = "local-${name}"
  filename = "../dist/${name}.zip"
  timeout = 10
  role = aws_iam_role.${name}.arn
${lines}
}
resource "aws_iam_role" "${name}" {
  name = "local-${name}"
}
`;
const ruleOf = (lines: string, name = 'main') =>
  `resource "aws_cloudwatch_event_rule" "${name}" {\n  name = "${name}"\n${lines}\n}\n`;
const targetOf = (arn: string, lines = '', name = 'main') =>
  `resource "aws_cloudwatch_event_target" "${name}" {\n  rule = "main"\n  arn = ${arn}\n${lines}\n}\n`;
const SWEEPER = 'aws_lambda_function.sweeper.arn';
const rulesOf = (...texts: readonly string[]) =>
  withModule(functionOf('sweeper') + texts.join(''), (platform) =>
    describeRules(platform, createFunctionLookup(platform)),
  );

const functions = suite('functions, read from the Terraform');

functions('are called what their bundle is called', () => {
  const described = withModule(functionOf('create-thing') + functionOf('sweeper'), describeFunctions);
  assert.equal(described, {
    'create-thing': { timeoutSeconds: 10, environment: {}, role: 'local-create-thing', statements: [] },
    sweeper: { timeoutSeconds: 10, environment: {}, role: 'local-sweeper', statements: [] },
  });
});

functions('in an image are called what its entry point is told', () => {
  const image = '  image_config {\n    command = ["encode-thing"]\n  }';
  const text = functionOf('other', image).replace(/ {2}filename.*\n/, '');
  assert.equal(Object.keys(withModule(text, describeFunctions)), ['encode-thing']);
});

functions('have their environment as texts, without what one machine leaves out', () => {
  const environment =
    '  environment {\n    variables = { A = 1, B = true, C = "", CONNECT_DIRECT = "yes" }\n  }';
  const { sweeper } = withModule(functionOf('sweeper', environment), describeFunctions);
  assert.equal(sweeper?.environment, { A: '1', B: 'true', C: '' });
});

functions('say which of them has a variable that is no text, or that cannot be told', () => {
  const faults: Readonly<Record<string, RegExp>> = {
    '{ A = ["x"] }':
      /^The environment of sweeper cannot be filled\. main\/a\.tf:1: .*variables: A is no text$/,
    '{ A = null }':
      /^The environment of sweeper cannot be filled\. main\/a\.tf:1: .*variables: A is no text$/,
    '["A"]': /^The environment of sweeper cannot be filled\. main\/a\.tf:1: .*: variables is no map$/,
    '{ A = local.b }': /^The environment of sweeper cannot be filled\. main\/a\.tf:7: there is no local\.b$/,
  };
  for (const [variables, expected] of Object.entries(faults)) {
    const text = functionOf('sweeper', `  environment {\n    variables = ${variables}\n  }`);
    assert.match(
      faultOf(() => withModule(text, describeFunctions)),
      expected,
    );
  }
});

functions('are found by their ARN, and nothing else is', () => {
  withModule(functionOf('sweeper'), (platform) => {
    const nameOf = createFunctionLookup(platform);
    assert.is(nameOf('arn:aws:lambda:us-west-2:000000000000:function:local-sweeper'), 'sweeper');
    assert.is(
      faultOf(() => nameOf('arn:aws:lambda:us-west-2:000000000000:function:sweeper')),
      'main: arn:aws:lambda:us-west-2:000000000000:function:sweeper is no function of the platform',
    );
  });
});

functions.run();

// ---

const rules = suite('rules, read from the Terraform');

const RATES: Readonly<Record<string, number>> = {
  'rate(1 minute)': 60,
  'rate(5 minutes)': 300,
  'rate(2 hours)': 7200,
  'rate(1 day)': 86_400,
};
for (const [rate, seconds] of Object.entries(RATES)) {
  rules(`${rate} is every ${seconds} seconds`, () => {
    const { rules: patterns, schedules } = rulesOf(
      ruleOf(`  schedule_expression = "${rate}"`),
      targetOf(SWEEPER),
    );
    assert.equal(schedules, [{ name: 'main', everySeconds: seconds, target: 'sweeper' }]);
    assert.equal(patterns, []);
  });
}

for (const schedule of [
  'cron(0 4 * * ? *)',
  'rate(0 minutes)',
  'rate(5 weeks)',
  'rate(-1 day)',
  'rate(1.5 hours)',
  '',
]) {
  rules(`"${schedule}" is refused`, () =>
    assert.is(
      faultOf(() => rulesOf(ruleOf(`  schedule_expression = "${schedule}"`), targetOf(SWEEPER))),
      `main/a.tf:11: aws_cloudwatch_event_rule.main: one machine knows rates only, not ${schedule}`,
    ),
  );
}

rules('match by lists of texts, at any depth', () => {
  const pattern = '{ source = ["aws.ecs"], detail = { group = { state = ["A", "B"] } } }';
  const { rules: described } = rulesOf(ruleOf(`  event_pattern = jsonencode(${pattern})`), targetOf(SWEEPER));
  assert.equal(described, [
    {
      name: 'main',
      bus: 'default',
      pattern: { source: ['aws.ecs'], detail: { group: { state: ['A', 'B'] } } },
      target: 'sweeper',
    },
  ]);
});

for (const pattern of [
  '{ source = "aws.ecs" }',
  '{ source = [{ prefix = "aws." }] }',
  '{ detail = { code = [1] } }',
  '{ detail = null }',
  '["aws.ecs"]',
  'null',
]) {
  rules(`the pattern ${pattern} is refused`, () =>
    assert.is(
      faultOf(() => rulesOf(ruleOf(`  event_pattern = jsonencode(${pattern})`), targetOf(SWEEPER))),
      'main/a.tf:11: aws_cloudwatch_event_rule.main: one machine matches lists of texts only',
    ),
  );
}

rules('are those of their own bus, though another has one of the same name', () => {
  const bus = 'resource "aws_cloudwatch_event_bus" "own" {\n  name = "own"\n}\n';
  const onBus = '  event_bus_name = aws_cloudwatch_event_bus.own.name';
  const pattern = '  event_pattern = jsonencode({ source = ["a"] })';
  const rule = ruleOf(`${pattern}\n${onBus}`);
  assert.equal(rulesOf(bus, rule, targetOf(SWEEPER)).rules, [], 'that target is on the default bus');
  const { rules: described } = rulesOf(bus, rule, targetOf(SWEEPER, onBus));
  assert.equal([described.length, described[0]?.bus], [1, 'own']);
});

rules('may have several targets; one that fills a log is left out', () => {
  const log = targetOf('"arn:aws:logs:us-west-2:0:log-group:x"', '', 'log');
  const again = targetOf(SWEEPER, '', 'again');
  const { schedules } = rulesOf(
    ruleOf('  schedule_expression = "rate(1 hour)"'),
    targetOf(SWEEPER),
    log,
    again,
  );
  assert.equal(
    schedules.map(({ target }) => target),
    ['sweeper', 'sweeper'],
  );
  const strange = targetOf('"arn:aws:sqs:us-west-2:0:x"', '', 'queue');
  assert.is(
    faultOf(() => rulesOf(ruleOf('  schedule_expression = "rate(1 hour)"'), strange)),
    'main: arn:aws:sqs:us-west-2:0:x is no function of the platform',
  );
});

rules.run();
