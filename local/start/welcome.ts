import type { Machine } from './start-machine.ts';

/** What a person needs to begin. The last line is the one that scripts wait for. */
export const describeMachine = ({ url, apiKey }: Pick<Machine, 'url' | 'apiKey'>): string => `
  URL      ${url}
  API key  ${apiKey}
  Project  local

  import Browserbase from '@browserbasehq/sdk';
  import { chromium } from 'playwright-core';
  const client = new Browserbase({ baseURL: '${url}', apiKey: '${apiKey}' });
  const session = await client.sessions.create({});
  const browser = await chromium.connectOverCDP(session.connectUrl);
  console.log(await browser.version()), await browser.close();

ready ${url}`;
