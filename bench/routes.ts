import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { inTurns, type Side } from './harness/in-turns.ts';
import { COLD, type Part } from './harness/part.ts';
import { timeMs } from './harness/time-ms.ts';
import type { Platform } from './subjects/platform.ts';

const ROUNDS = 60;
// In a process of its own, as the platform is: an HTTP answer that nobody had to think about.
const BARE_SERVER = `
const server = require('node:http').createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;

interface Route {
  readonly name: string;
  readonly path: string;
  readonly method?: string;
  readonly body?: object;
}

/** Every public operation that changes nothing that others of them need; create and release are parts of their own. */
async function routesOf({ client }: Platform): Promise<readonly Route[]> {
  const [project] = await client.projects.list();
  const context = await client.contexts.create({});
  const session = await client.sessions.create({ userMetadata: { of: 'bench' } });
  return [
    { name: 'health', path: '/health' },
    { name: 'serve-contract', path: '/openapi.json' },
    { name: 'list-sessions', path: '/v1/sessions?status=RUNNING' },
    { name: 'find-sessions', path: `/v1/sessions?q=${encodeURIComponent("user_metadata['of']:'bench'")}` },
    { name: 'retrieve-session', path: `/v1/sessions/${session.id}` },
    { name: 'debug-session', path: `/v1/sessions/${session.id}/debug` },
    { name: 'create-context', path: '/v1/contexts', method: 'POST', body: {} },
    { name: 'retrieve-context', path: `/v1/contexts/${context.id}` },
    { name: 'update-context', path: `/v1/contexts/${context.id}`, method: 'PUT' },
    { name: 'list-projects', path: '/v1/projects' },
    { name: 'retrieve-project', path: `/v1/projects/${project?.id}` },
    { name: 'retrieve-usage', path: `/v1/projects/${project?.id}/usage` },
    { name: 'not-built', path: '/v1/agents' },
  ];
}

const EXPECTED: Readonly<Record<string, number>> = { 'create-context': 201, 'not-built': 501 };

const routeSide =
  ({ wallcrawler: { url, apiKey } }: Platform, { name, path, method = 'GET', body }: Route): Side =>
  async (take) => {
    const headers = { 'x-bb-api-key': apiKey, 'content-type': 'application/json' };
    const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    let status = 0;
    const tookMs = await timeMs(async () => {
      const response = await fetch(`${url}${path}`, request);
      await response.text();
      status = response.status;
    });
    if (status !== (EXPECTED[name] ?? 200)) throw new Error(`${name} answered ${status}`);
    take(name, tookMs);
  };

async function startBareServer(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, ['-e', BARE_SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${port.toString().trim()}/`, child };
}

export const routes: Part = {
  name: 'routes',
  what: 'each route when its function is warm, beside a bare HTTP answer of another process',
  async run(bench) {
    const platform = await bench.platform(COLD);
    const all = await routesOf(platform);
    const { url, child } = await startBareServer();
    const bare: Side = async (take) => take('bare', await timeMs(async () => (await fetch(url)).text()));
    const sides = [bare, ...all.map((route) => routeSide(platform, route))];
    try {
      // Each function is loaded by its first request.
      await inTurns({ rounds: 3, limitMs: Number.POSITIVE_INFINITY }, sides);
      const { samples, failures } = await inTurns(bench.turns(ROUNDS), sides);
      const baseline = { name: 'bare HTTP', samples: samples('bare') };
      return all.map(({ name }) => ({
        name: `routes.${name}`,
        unit: 'ms',
        samples: samples(name),
        baseline,
        failures: failures.filter((failure) => failure.startsWith(`${name} `)),
      }));
    } finally {
      child.kill();
      for (const { id } of await platform.client.sessions.list({ status: 'RUNNING' }))
        await platform.client.sessions.update(id, { status: 'REQUEST_RELEASE' });
      await platform.rest();
    }
  },
};
