/**
 * kill -9 of Chrome, of a session's controller and of the whole machine at random moments, while sessions are filmed: each
 * playlist plays to the end of its last chunk, by hls.js in a real browser.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { descendantsOf } from '../e2e/support/processes.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';
import { checkFilms, hasEnded, openFilmed, TURN_MS } from './support/filmed-session.ts';
import { randomFrom } from './support/random.ts';

const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
const random = randomFrom(seed);
const SESSIONS = 2;
const KILLS = 2;

const kills = suite(`recordings under kill -9 (KILL_SEED=${seed})`);
const seen = { films: 0, seconds: 0 };
let dataDir: string;
let machine: Wallcrawler;

kills.before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wallcrawler-e2e-'));
  machine = await startWallcrawler({ dataDir });
});

kills.after(async () => {
  await machine?.dispose();
  rmSync(dataDir, { recursive: true, force: true });
});

function mainOfChrome(sessionId: string) {
  const found = descendantsOf(machine.pid).find(
    ({ command }) =>
      command.includes(sessionId) && command.includes('--user-data-dir') && !command.includes('--type='),
  );
  if (found === undefined) throw new Error(`no Chrome of session ${sessionId}`);
  return found;
}

const openSome = () => Promise.all(Array.from({ length: SESSIONS }, () => openFilmed(machine)));

/** Long enough that something is stored. */
const someTime = () => wait(3 * TURN_MS + Math.floor(random() * 6_000));

async function playsWhatIsStored(id: string): Promise<void> {
  const lengths = await checkFilms(machine, id);
  assert.ok(lengths.length > 0, 'something is stored');
  seen.films += lengths.length;
  seen.seconds += lengths.reduce((sum, each) => sum + each, 0);
}

for (let round = 1; round <= KILLS; round += 1) {
  kills(`Chrome, ${round}: what was read of it is stored, and plays`, async () => {
    for (const { id, client } of await openSome()) {
      await someTime();
      process.kill(mainOfChrome(id).pid, 'SIGKILL');
      await Promise.all([hasEnded(machine, id), client.done]);
      await playsWhatIsStored(id);
    }
  });

  kills(`the controller, ${round}: what was stored plays`, async () => {
    for (const { id, client } of await openSome()) {
      await someTime();
      process.kill(mainOfChrome(id).parentPid, 'SIGKILL');
      await Promise.all([hasEnded(machine, id), client.done]);
      await playsWhatIsStored(id);
    }
  });

  kills(`the machine, ${round}: its next start has all that was stored, and it plays`, async () => {
    const sessions = await openSome();
    await someTime();
    await machine.killHard();
    await Promise.all(sessions.map(({ client }) => client.done));
    machine = await startWallcrawler({ dataDir });
    for (const { id } of sessions) {
      await hasEnded(machine, id);
      await playsWhatIsStored(id);
    }
  });
}

kills('has met films', () => {
  console.log(`${seen.films} films, ${Math.round(seen.seconds)} s, all played`);
  assert.ok(seen.films >= KILLS * SESSIONS * 3);
});

kills.run();
