import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bothWays } from '../../controller/testing/both-ways.ts';
import { sessionTests } from '../../controller/testing/session-suite.ts';

const suiteOfSessions = suite('every viewport of a session whose container ran before it');
const session = sessionTests(suiteOfSessions);

for (const settings of [
  { viewport: { width: 1288, height: 711 } },
  { viewport: { width: 390, height: 844 }, keepAlive: false },
  { viewport: { width: 500, height: 300 } },
  { viewport: { width: 1920, height: 1080 }, ignoreCertificateErrors: true },
  { viewport: { width: 2600, height: 1600 } },
]) {
  session(`are those of a cold launch: ${JSON.stringify(settings)}`, async ({ start }) => {
    const { cold, warm } = await bothWays(start, settings);
    assert.equal(warm, cold);
    assert.is(cold.screenshot, `${settings.viewport.width}x${settings.viewport.height}`);
  });
}

suiteOfSessions.run();
