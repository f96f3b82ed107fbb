// Stagehand 4, unmodified: its extension is uploaded, runs in the session's browser, and connects from there a second time.
// The model is a stand-in on loopback, which answers in the shape that it is asked for.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { browserbase, Stagehand } from '@browserbasehq/stagehand';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { z } from 'zod';
import { type Site, startSite } from '../e2e/support/pages.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface ModelRequest {
  readonly input: unknown;
  readonly text: { readonly format: { readonly schema: Schema } };
}

// Stagehand has a zod of its own, of another version.
const HEADING = z.object({ heading: z.string() });
const ANSWER = 'An answer of the model';

/** A value of the schema: every text is the answer. */
function fillIn({ type, properties = {} }: Schema): unknown {
  if (type === 'string') return ANSWER;
  if (type === 'boolean') return true;
  if (type !== 'object') return type === 'array' ? [] : 0;
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, fillIn(schema)]));
}

/** OpenAI's Responses, as far as an extraction needs them. Everything else is not there. */
async function startModel() {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as ModelRequest;
    response.setHeader('content-type', 'application/json');
    if (request.url !== '/v1/llm/responses') {
      response.statusCode = 404;
      return response.end('{}');
    }
    asked.push(JSON.stringify(body.input));
    const text = JSON.stringify(fillIn(body.text.format.schema));
    const content = [{ type: 'output_text', text, annotations: [] }];
    const message = { type: 'message', id: 'm', role: 'assistant', status: 'completed', content };
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
    return response.end(
      JSON.stringify({ id: 'r', object: 'response', created_at: 1, model: 'm', output: [message], usage }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

let wallcrawler: Wallcrawler;
let site: Site;
let model: { server: Server; asked: string[]; url: string };

const stagehands = suite('Stagehand 4');

stagehands.before(async () => {
  site = await startSite();
  model = await startModel();
  wallcrawler = await startWallcrawler();
});

stagehands.after(async () => {
  await wallcrawler.dispose();
  await site.close();
  model.server.close();
});

stagehands('opens a page, extracts from it, and leaves no session that runs', async () => {
  const { apiKey, url: baseUrl } = wallcrawler;
  const browser = await browserbase.launch({ apiKey, baseUrl });
  const stagehand = await Stagehand.create({ browser, apiUrl: model.url });
  const [page] = await browser.context.pages();
  await page?.goto(site.url);
  assert.is(await page?.title(), 'Home');
  const { data }: { data: unknown } = await stagehand.extract('the heading', HEADING as never);
  assert.equal(data, { heading: ANSWER });
  assert.match(model.asked.join(), 'the heading');
  await stagehand.close();
  await browser.close();

  const client = wallcrawler.client();
  const over = async () => (await client.sessions.list()).every(({ status }) => status === 'COMPLETED');
  await until('its session ends', over);
  assert.is((await client.sessions.list())[0]?.userMetadata?.stagehand, 'true');
});

stagehands.run();
