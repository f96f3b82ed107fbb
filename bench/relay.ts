import { type CdpClient, connectCdp } from '../tests/e2e/support/cdp.ts';
import { descendantsOf } from '../tests/e2e/support/processes.ts';
import type { Wallcrawler } from '../tests/e2e/support/wallcrawler.ts';
import { startDirectChrome } from './direct-chrome.ts';
import { median, timeMs } from './median.ts';

const ROUND_TRIPS = 3000;
const BATCH = 100;
const LARGE_ROUNDS = 15;
const MB = 1_000_000;

/** The main Chrome process of a session. */
export function chromeProcessOf(wallcrawler: Wallcrawler, sessionId: string) {
  const chrome = descendantsOf(wallcrawler.pid).find(
    ({ command }) =>
      command.includes(sessionId) && command.includes('--user-data-dir') && !command.includes('--type='),
  );
  if (chrome === undefined) throw new Error('the session has no Chrome');
  return chrome;
}

/** A client on the page, so that Runtime.evaluate can be sent. */
async function attach(url: string): Promise<{ cdp: CdpClient; page: string }> {
  const cdp = await connectCdp(url);
  const { result: targets } = await cdp.send('Target.getTargets');
  const page = (targets as { targetInfos: { type: string; targetId: string }[] }).targetInfos.find(
    ({ type }) => type === 'page',
  );
  const { result } = await cdp.send('Target.attachToTarget', { targetId: page?.targetId, flatten: true });
  return { cdp, page: (result as { sessionId: string }).sessionId };
}

type Attached = Awaited<ReturnType<typeof attach>>;

const evaluate = ({ cdp, page }: Attached, expression: string) =>
  cdp.send('Runtime.evaluate', { expression, returnByValue: true }, page);

/** Round trips and large messages through connectUrl, and straight to another Chrome of the same kind, in turns. */
export async function benchRelay(wallcrawler: Wallcrawler, chromePath: string): Promise<readonly string[]> {
  const client = wallcrawler.client();
  const session = await client.sessions.create({ keepAlive: true });
  const ours = await attach(session.connectUrl);
  const direct = await startDirectChrome(chromePath);
  const bare = await attach(direct.url);
  try {
    return [
      ...(await roundTrips(ours, bare)),
      ...(await largeAnswers(ours, bare)),
      ...(await hugeMessages(ours)),
    ];
  } finally {
    await bare.cdp.close();
    await direct.stop();
    await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
    await ours.cdp.closed;
  }
}

async function roundTrips(ours: Attached, bare: Attached): Promise<readonly string[]> {
  const times: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
  for (let done = 0; done < ROUND_TRIPS; done += BATCH) {
    for (const [name, attached] of [
      ['ours', ours],
      ['bare', bare],
    ] as const) {
      for (let i = 0; i < BATCH; i++) times[name].push(await timeMs(() => evaluate(attached, '1')));
    }
  }
  const [a, b] = [median(times.ours), median(times.bare)];
  return [
    `Runtime.evaluate             through ${a.toFixed(3)} ms, direct ${b.toFixed(3)} ms, added ${(a - b).toFixed(3)} ms (goal: at most 0.12), ${ROUND_TRIPS} each`,
  ];
}

async function largeAnswers(ours: Attached, bare: Attached): Promise<readonly string[]> {
  const expression = `'x'.repeat(${5 * MB})`;
  const times: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
  for (let round = 0; round < LARGE_ROUNDS; round++) {
    times.bare.push(await timeMs(() => evaluate(bare, expression)));
    times.ours.push(await timeMs(() => evaluate(ours, expression)));
  }
  const [a, b] = [median(times.ours), median(times.bare)];
  return [
    `an answer of 5 MB            through ${a.toFixed(1)} ms, direct ${b.toFixed(1)} ms, throughput ${(b / a).toFixed(2)} of direct (goal: at least 0.9)`,
  ];
}

async function hugeMessages(ours: Attached): Promise<readonly string[]> {
  const size = 100 * MB;
  const text = 'x'.repeat(size);
  let length: unknown;
  const upMs = await timeMs(async () => {
    const { result } = await evaluate(ours, `'${text}'.length`);
    length = (result as { result: { value: number } }).result.value;
  });
  let received = 0;
  const downMs = await timeMs(async () => {
    const { result } = await evaluate(ours, `'x'.repeat(${size})`);
    received = (result as { result: { value: string } }).result.value.length;
  });
  if (length !== size || received !== size) throw new Error('a message of 100 MB did not come through whole');
  return [
    `a message of 100 MB          to Chrome ${upMs.toFixed(0)} ms, from Chrome ${downMs.toFixed(0)} ms, both whole`,
  ];
}
