/**
 * Does once what people use an installation for, and says how long each step took; fails at the first that does not work.
 *
 *   npm run smoke -- <url> <key> [--target-url URL]
 *
 * Create, connect over CDP, navigate, evaluate, release; then a login that lives on in a context. The pages it visits
 * are https://example.com/ unless --target-url names another that sessions can reach.
 */
import { parseArgs } from 'node:util';
import { Browserbase } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';
import { showHelp } from './deploy/usage.mjs';
import { explainNavigation } from './smoke-hint.mjs';

// A create may take the 50 s that it waits for a browser; the client's own limit is 60 s.
const REQUEST_LIMIT_MS = 60_000;
const CDP_LIMIT_MS = 30_000;
const END_LIMIT_MS = 150_000;
const END_POLL_MS = 500;
const USAGE = 'npm run smoke -- <url> <key> [--target-url URL]';

function parseCommandLine(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { 'target-url': { type: 'string', default: 'https://example.com/' } },
  });
  const [url, apiKey, ...others] = positionals;
  if (url === undefined || apiKey === undefined || others.length > 0) throw new TypeError(USAGE);
  for (const [name, text] of [
    ['url', url],
    ['--target-url', values['target-url']],
  ]) {
    if (!URL.canParse(text)) throw new TypeError(`${name} is no URL: ${text}`);
  }
  return { url: url.replace(/\/+$/, ''), apiKey, targetUrl: values['target-url'] };
}

/** A step failed, and has said so already. */
class StepFailedError extends Error {}

/** Runs one step and prints its name and time, or why it failed: at once, because what follows is only clearing up. */
async function step(name, work) {
  const startedAt = performance.now();
  try {
    const result = await work();
    console.log(`ok    ${name}  ${(performance.now() - startedAt).toFixed(0)} ms`);
    return result;
  } catch (error) {
    console.error(`FAIL  ${name}: ${error.message}`);
    throw new StepFailedError(name, { cause: error });
  }
}

function check(isTrue, what) {
  if (!isTrue) throw new Error(what);
}

async function refusesStrangers(url) {
  const response = await fetch(`${url}/v1/sessions`, {
    headers: { 'x-bb-api-key': 'wc_nobody' },
    signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
  });
  check(response.status === 401, `an unknown key is answered ${response.status}, not 401`);
}

/** The profile is saved before a session reads COMPLETED. */
async function waitForEnd(client, sessionId) {
  const deadline = Date.now() + END_LIMIT_MS;
  for (;;) {
    const { status } = await client.sessions.retrieve(sessionId);
    if (status !== 'RUNNING') return check(status === 'COMPLETED', `the session ended as ${status}`);
    check(Date.now() < deadline, `the session still runs ${END_LIMIT_MS / 1000} s after its release`);
    await new Promise((resolve) => setTimeout(resolve, END_POLL_MS));
  }
}

/** One session from create to end; it is released whatever happens in it. */
async function inSession(client, label, params, work) {
  const session = await step(`${label}create`, () => client.sessions.create(params));
  try {
    const browser = await step(`${label}connect`, () =>
      chromium.connectOverCDP(session.connectUrl, { timeout: CDP_LIMIT_MS }),
    );
    const page = await step(`${label}find the page`, async () => {
      const [first] = browser.contexts()[0]?.pages() ?? [];
      check(first !== undefined, 'the browser has no page');
      return first;
    });
    page.setDefaultTimeout(CDP_LIMIT_MS);
    await work(page);
  } finally {
    await step(`${label}release`, () => client.sessions.update(session.id, { status: 'REQUEST_RELEASE' }));
  }
  await step(`${label}end`, () => waitForEnd(client, session.id));
}

async function visit(page, targetUrl) {
  try {
    await page.goto(targetUrl);
  } catch (error) {
    throw new Error(explainNavigation(error, targetUrl), { cause: error });
  }
}

async function mainJob(client, targetUrl) {
  await inSession(client, '', { userMetadata: { purpose: 'smoke' } }, async (page) => {
    await step('navigate', () => visit(page, targetUrl));
    await step('evaluate', async () => {
      const href = await page.evaluate('location.href');
      check(href.startsWith(targetUrl), `the page is ${href}`);
    });
  });
}

async function contextRound(client, targetUrl) {
  const context = await step('context create', () => client.contexts.create());
  const inContext = (label, persist, work) =>
    inSession(client, label, { browserSettings: { context: { id: context.id, persist } } }, async (page) => {
      await step(`${label}navigate`, () => visit(page, targetUrl));
      await work(page);
    });
  try {
    await inContext('context, first session: ', true, (page) =>
      step('context store', () => page.evaluate(`localStorage.setItem('smoke', 'kept')`)),
    );
    await inContext('context, second session: ', false, (page) =>
      step('context read', async () => {
        const stored = await page.evaluate(`localStorage.getItem('smoke')`);
        check(stored === 'kept', `what the first session stored is ${stored} in the second`);
      }),
    );
  } finally {
    await step('context delete', () => client.contexts.delete(context.id));
  }
}

async function main(args) {
  if (showHelp(import.meta.url, args)) return;
  const { url, apiKey, targetUrl } = parseCommandLine(args);
  // No retries: a smoke test that is helped along tells nothing.
  const client = new Browserbase({ apiKey, baseURL: url, timeout: REQUEST_LIMIT_MS, maxRetries: 0 });
  await step('refuses strangers', () => refusesStrangers(url));
  await mainJob(client, targetUrl);
  await contextRound(client, targetUrl);
  console.log('smoke test passed');
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof StepFailedError)) console.error(error.message);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
// Playwright holds the process as long as the far side keeps its sockets.
process.exit();
