/** The secret of the token keys cannot be read: by a function that has just started, and by one that has read it before. */
import { mock } from 'node:test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AWS_ATTEMPTS } from '../../core/aws/aws-client.ts';
import { CREDENTIALS, RETRY } from '../../core/domain/timing.ts';
import { type DeployedFunctions, openDeployedFunctions } from '../contract/support/deployed-functions.ts';
import { seed } from './support/functions-world.ts';
import { PUBLIC_REQUESTS } from './support/public-requests.ts';

let functions: DeployedFunctions;
let reads = 0;

const t = suite('the token keys cannot be read');
t.before(async () => {
  functions = await openDeployedFunctions();
});
t.after(() => functions.close());
t.after.each(() => {
  functions.setFault(undefined);
  mock.timers.reset();
});

const breakSecret = () => {
  reads = 0;
  functions.setFault((call) => {
    if (call !== 'GetSecretValue') return undefined;
    reads += 1;
    return 'failed';
  });
};

const ask = async (name: string) => {
  const request = PUBLIC_REQUESTS[name];
  if (request === undefined) throw new Error(`There is no request for ${name}`);
  return functions.send(name, await request.sent(await seed(functions)));
};

for (const name of ['sign-cdp-url', 'report-heartbeat', 'sign-profile-url', 'retrieve-session']) {
  t(`${name}, cold, answers 503, and reads them when they can be`, async () => {
    breakSecret();
    const { status, body, headers } = await ask(name);
    assert.is(status, 503, JSON.stringify(body));
    assert.match(String(body.message), /^The token keys cannot be read \(\w+\); try again$/);
    assert.is(headers['retry-after'], String(RETRY.outageSeconds));
    assert.ok(reads > 1 && reads <= AWS_ATTEMPTS, `${reads} reads`);
    functions.setFault(undefined);
    assert.is((await ask(name)).status, 200);
  });

  t(`${name}, warm, goes on with what it has`, async () => {
    breakSecret();
    assert.is((await ask(name)).status, 200);
    assert.is(reads, 0, 'they are in its memory');
    mock.timers.enable({ apis: ['Date'], now: Date.now() + CREDENTIALS.keyCacheMs + 1_000 });
    assert.is((await ask(name)).status, 200);
    assert.ok(reads > 1 && reads <= AWS_ATTEMPTS, `${reads} reads`);
    const before = reads;
    assert.is((await ask(name)).status, 200);
    assert.is(reads, before, 'the next request does not wait for another try');
  });
}

t.run();
