import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bothWays } from './testing/both-ways.ts';
import { sessionTests } from './testing/session-suite.ts';

const suiteOfSessions = suite('the settings of a session whose container ran before it');
const session = sessionTests(suiteOfSessions);

for (const settings of [{ viewport: { width: 1024, height: 768 }, ignoreCertificateErrors: true }]) {
  session(`are those of a cold launch: ${JSON.stringify(settings)}`, async ({ start }) => {
    const { cold, warm } = await bothWays(start, settings);
    assert.equal(warm, cold);
    assert.is(cold.screenshot, `${settings.viewport.width}x${settings.viewport.height}`);
  });
}

suiteOfSessions.run();
