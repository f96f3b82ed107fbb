// Create, find, look, release, with Browserbase's own SDK and nothing else. BROWSERBASE_BASE_URL and
// BROWSERBASE_API_KEY come from the environment.
import { Browserbase } from '@browserbasehq/sdk';

const browserbase = new Browserbase();

const session = await browserbase.sessions.create({ userMetadata: { example: 'sdk' } });
console.log(`session ${session.id} is ${session.status}`);

const found = await browserbase.sessions.list({ q: "user_metadata['example']:'sdk'", status: 'RUNNING' });
console.log(`found it among ${found.length} running`);

const live = await browserbase.sessions.debug(session.id);
console.log(`inspector of ${live.pages.length} page: ${live.debuggerUrl.slice(0, 40)}...`);

await browserbase.sessions.update(session.id, { status: 'REQUEST_RELEASE' });

const usage = await browserbase.projects.usage(session.projectId);
console.log(`the project has used ${usage.browserMinutes} browser minutes`);
