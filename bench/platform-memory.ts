/** What the platform itself takes, without its browsers: idle, and after sessions that come several at a time. */
import { connectCdp } from '../tests/e2e/support/cdp.ts';
import { listProcesses } from '../tests/e2e/support/processes.ts';
import type { Wallcrawler } from '../tests/e2e/support/wallcrawler.ts';
import { platformMemoryLine } from './lines.ts';
import { pssMb } from './memory.ts';

/** Sessions, and how many of them at a time. */
export const LOADS = [
  [300, 3],
  [70, 10],
] as const;

// What a start leaves to be collected is collected then.
const SETTLE_MS = 5_000;

const settle = () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

/**
 * The process of `npm start`, and its children that are no session: DynamoDB's stand-in, and the router when there is one.
 * A session's controller leads what belongs to that session, so that it and its Chrome are left out by it.
 */
function platformMb(wallcrawler: Wallcrawler): { readonly platformMb: number; readonly dynamodbMb: number } {
  const children = listProcesses().filter(({ parentPid }) => parentPid === wallcrawler.pid);
  const sumOf = (part: string) =>
    children.filter(({ command }) => command.includes(part)).reduce((sum, { pid }) => sum + pssMb(pid), 0);
  return { platformMb: pssMb(wallcrawler.pid) + sumOf('/router/index.js'), dynamodbMb: sumOf('dynoxide') };
}

/** As a client uses one: created, looked at, driven, and left. Resolves when the platform says that it is over. */
async function useSession(client: ReturnType<Wallcrawler['client']>): Promise<void> {
  const { id, connectUrl } = await client.sessions.create();
  const cdp = await connectCdp(connectUrl);
  await cdp.send('Browser.getVersion');
  await client.sessions.retrieve(id);
  await client.sessions.debug(id);
  await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
  await cdp.closed;
}

/** Returns how many failed. */
async function load(wallcrawler: Wallcrawler, sessions: number, atATime: number): Promise<number> {
  const client = wallcrawler.client();
  let left = sessions;
  let failures = 0;
  const work = async () => {
    while (left-- > 0) {
      await useSession(client).catch((error: Error) => {
        failures++;
        console.error(error.message);
      });
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  while ((await client.sessions.list({ status: 'RUNNING' })).length > 0) await settle();
  return failures;
}

/** On a start that has had no other load. */
export async function benchPlatformMemory(
  wallcrawler: Wallcrawler,
  [sessions, atATime]: (typeof LOADS)[number],
): Promise<readonly string[]> {
  await settle();
  const idle = platformMb(wallcrawler);
  const startedAt = performance.now();
  const failures = await load(wallcrawler, sessions, atATime);
  const tookMs = performance.now() - startedAt;
  await settle();
  const after = platformMb(wallcrawler);
  return [platformMemoryLine({ sessions, atATime, failures, tookMs, idle, after })];
}
