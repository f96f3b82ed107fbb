import type { APIGatewayProxyResult } from 'aws-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CREATE_SESSION_SETTINGS } from '../domain/setting-support.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { recordLog } from '../testing/record-log.ts';
import { api } from './api.ts';
import { created } from './response.ts';
import { accept, context, event } from './testing/run-api.ts';

/** Answers 201 to `body`, with the rows of a session's create in the stack. */
async function create(body: unknown) {
  const log = recordLog();
  const settings = { rows: CREATE_SESSION_SETTINGS, installation: { region: 'us-west-2' } };
  const options = { logger: log.logger, clock: createManualClock(), validate: accept, settings };
  let wasCalled = false;
  const handler = api(options, async () => {
    wasCalled = true;
    return created({});
  });
  const incoming = event({ body: JSON.stringify(body) });
  const result = (await handler(incoming, context, {} as never)) as APIGatewayProxyResult;
  return { result, log, wasCalled };
}
const ignoredOf = async (body: unknown) => (await create(body)).result.headers?.['x-wallcrawler-ignored'];

const settings = suite('the settings of a request');

settings('that are ignored are named in a header of the answer, and in its line of the log', async () => {
  const { result, log } = await create({ browserSettings: { verified: true, keys: 1 } });
  const names = 'browserSettings.verified, browserSettings.keys';
  assert.equal([result.statusCode, result.headers?.['x-wallcrawler-ignored']], [201, names]);
  assert.is(result.headers?.['content-type'], 'application/json', 'beside the others');
  const line = log.lines().find(({ message }) => message === 'request');
  assert.is(line?.ignored, names);
});

settings('that are acted on leave no header', async () => {
  assert.is(await ignoredOf({ timeout: 60, browserSettings: { recordSession: false } }), undefined);
});

settings(
  'that the installation does not offer are a 400 that nobody repeats, and nothing is begun',
  async () => {
    const proxies = [{ type: 'external', server: 'http://user:hunter2@proxy' }, { type: 'browserbase' }];
    const { result, log, wasCalled } = await create({ proxies });
    assert.equal([result.statusCode, wasCalled], [400, false]);
    assert.is(result.headers?.['x-should-retry'], 'false');
    const { error, message } = JSON.parse(result.body);
    assert.is(error, 'Bad Request');
    assert.match(message, 'body/proxies[browserbase]');
    assert.not.match(result.body + log.text(), 'hunter2');
  },
);

settings('stand in the header whatever they are called, and up to a length', async () => {
  assert.is(await ignoredOf({ 'a,b\r\nx: 1': 1, é: 1 }), 'a%2Cb%0D%0Ax:%201, %C3%A9');
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`setting${index}`, 1]));
  const header = String(await ignoredOf(many));
  assert.ok(header.length < 1_100 && header.endsWith('...'), header.slice(-20));
});

settings.run();
