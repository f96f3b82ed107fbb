import type { Browserbase } from '@browserbasehq/sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CdpClient, connectCdp } from '../e2e/support/cdp.ts';
import { descendantsOf } from '../e2e/support/processes.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';
import { randomFrom } from './support/random.ts';

const RACE_MS = 60_000;
const WORKERS = 4;

let wallcrawler: Wallcrawler;
let client: Browserbase;

const seed = Number(process.env.RACE_SEED ?? Date.now() % 1_000_000);

const race = suite(`race (RACE_SEED=${seed})`);

race.before(async () => {
  wallcrawler = await startWallcrawler();
  client = wallcrawler.client();
});

race.after(() => wallcrawler?.dispose());

/** One session in which connect, new page, navigation, release and a kill come in random order and overlap. */
async function oneRound(random: () => number): Promise<void> {
  const session = await client.sessions.create({ keepAlive: random() < 0.3 });
  const sockets: CdpClient[] = [];
  const connect = async () => {
    sockets.push(await connectCdp(session.connectUrl));
  };
  const anySocket = () => sockets[Math.floor(random() * sockets.length)];
  const actions: (() => Promise<unknown> | undefined)[] = [
    connect,
    connect,
    async () => anySocket()?.send('Target.createTarget', { url: 'about:blank' }),
    async () => anySocket()?.send('Target.createTarget', { url: 'data:text/html,<p>x' }),
    async () => anySocket()?.close(),
    async () => anySocket()?.send('Browser.close'),
    () => client.sessions.update(session.id, { status: 'REQUEST_RELEASE' }),
    () => client.sessions.retrieve(session.id),
    async () => {
      const chrome = descendantsOf(wallcrawler.pid).find(({ command }) => command.includes(session.id));
      if (chrome !== undefined && random() < 0.3) killIfThere(chrome.pid);
    },
  ];
  await Promise.allSettled([connect(), ...pick(actions, random).map((action) => action())]);
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  const done = await until('the session ends', async () => {
    const now = await client.sessions.retrieve(session.id);
    return now.status !== 'RUNNING' && now;
  });
  assert.ok(['COMPLETED', 'ERROR'].includes(done.status), done.status);
  await Promise.all(sockets.map(({ closed }) => closed));
}

function pick<T>(from: readonly T[], random: () => number): T[] {
  const count = 2 + Math.floor(random() * 5);
  return Array.from({ length: count }, () => from[Math.floor(random() * from.length)] as T);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

race(
  'create, connect, new page, release and kill against each other for a minute: the host never falls',
  async () => {
    const random = randomFrom(seed);
    const stopAt = Date.now() + RACE_MS;
    let rounds = 0;
    const work = async () => {
      while (Date.now() < stopAt) {
        await oneRound(random);
        rounds += 1;
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    console.log(`${rounds} rounds`);
    assert.ok(rounds > WORKERS);
    assert.is((await wallcrawler.call('/health', { apiKey: null })).status, 200);
    const usable = await client.sessions.create();
    const cdp = await connectCdp(usable.connectUrl);
    assert.ok((await cdp.send('Browser.getVersion')).result);
    await cdp.close();
    await until(
      'every process of a session ends',
      async () => !descendantsOf(wallcrawler.pid).some(({ command }) => command.includes('user-data-dir')),
    );
  },
);

race.run();
