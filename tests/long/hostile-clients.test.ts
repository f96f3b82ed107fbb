/**
 * Clients of one session that would take all of a container's memory: 60 sockets that begin a message of 90 MB each and end
 * none, one that never reads, one that floods. The container stays small, and a client beside them is answered all the time.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { type CdpClient, connectCdp } from '../e2e/support/cdp.ts';
import { descendantsOf } from '../e2e/support/processes.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

const MIB = 1024 * 1024;
const SOCKETS = 60;
const BEGUN_BYTES = 90 * MIB;
/** Two budgets of 256 MiB, and what a process has beside them. */
const MAX_GROWTH_MIB = 700;
const ANSWER_LIMIT_MS = 30_000;
/** Three batches (controller/chrome/limits.ts), what a socket brings at once, and what is on its way back. */
const MAX_BEFORE = 10_000;

let machine: Wallcrawler;
const hostile = suite('clients that would take all memory');
hostile.before(async () => {
  machine = await startWallcrawler();
});
hostile.after(() => machine?.dispose());

/** What a container's controller and the router take. */
const memoryMib = () =>
  descendantsOf(machine.pid)
    .filter(({ command }) => /dist\/(controller|router)\//.test(command))
    .reduce((sum, { pid }) => sum + rssKib(pid), 0) / 1_024;

const rssKib = (pid: number) =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

/** A socket, and how it was closed. */
async function open(connectUrl: string) {
  const socket = new WebSocket(connectUrl, { perMessageDeflate: false });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('error', () => socket.terminate());
  await new Promise((resolve) => socket.once('open', resolve));
  return { socket, closed };
}

/** Asks all the time until it is told to stop: how often it was answered, the slowest answer, and the most memory. */
async function askBeside(cdp: CdpClient, isOver: () => boolean) {
  let answers = 0;
  let slowestMs = 0;
  let mostMib = 0;
  while (!isOver()) {
    const askedAt = performance.now();
    const answer = await Promise.race([cdp.send('Browser.getVersion'), wait(ANSWER_LIMIT_MS)]);
    assert.ok(answer, `answered within ${ANSWER_LIMIT_MS} ms`);
    answers += 1;
    slowestMs = Math.max(slowestMs, performance.now() - askedAt);
    mostMib = Math.max(mostMib, memoryMib());
    await wait(20);
  }
  return { answers, slowestMs, mostMib };
}

async function beside(what: string, work: (connectUrl: string) => Promise<void>): Promise<void> {
  const client = machine.client();
  const { id, connectUrl } = await client.sessions.create({ keepAlive: true });
  const cdp = await connectCdp(connectUrl);
  const before = memoryMib();
  let isOver = false;
  const asked = askBeside(cdp, () => isOver);
  await work(connectUrl).finally(() => {
    isOver = true;
  });
  const { answers, slowestMs, mostMib } = await asked;
  console.log(
    `${what}: ${answers} answers beside it, the slowest after ${Math.round(slowestMs)} ms; ${Math.round(before)} MiB, at most ${Math.round(mostMib)}`,
  );
  assert.ok(mostMib - before < MAX_GROWTH_MIB, `${Math.round(mostMib - before)} MiB more`);
  assert.is((await client.sessions.retrieve(id)).status, 'RUNNING');
  await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
  await cdp.closed;
}

hostile('of unfinished messages', () =>
  beside(`${SOCKETS} messages of ${BEGUN_BYTES / MIB} MiB without an end`, async (connectUrl) => {
    const piece = Buffer.alloc(2 * MIB, ' ');
    const codes: number[] = [];
    for (let opened = 0; opened < SOCKETS; opened += 1) {
      const { socket, closed } = await open(connectUrl);
      void closed.then((code) => codes.push(code));
      for (let sent = 0; sent < BEGUN_BYTES && socket.readyState === socket.OPEN; sent += piece.length) {
        socket.send(piece, { binary: false, fin: false });
        while (socket.bufferedAmount > 0 && socket.readyState === socket.OPEN) await wait(1);
      }
    }
    assert.ok(codes.filter((code) => code === 1013 || code === 1006).length >= SOCKETS - 4, codes.join());
    assert.ok(codes.includes(1013), 'who is closed is told why');
  }),
);

hostile('that never read', () =>
  beside('answers of 2 GB that nobody reads', async (connectUrl) => {
    const { socket, closed } = await open(connectUrl);
    const attach = await connectCdp(connectUrl);
    const { targetId } = await attach.openPage();
    socket.send(
      JSON.stringify({ id: 1, method: 'Target.attachToTarget', params: { targetId, flatten: true } }),
    );
    const sessionId = await new Promise<string>((resolve) => {
      socket.on('message', (data) => {
        const { id, result } = JSON.parse(data.toString());
        if (id === 1) resolve(result.sessionId);
      });
    });
    socket.pause();
    for (let id = 2; id < 202; id += 1)
      socket.send(
        JSON.stringify({
          id,
          method: 'Runtime.evaluate',
          params: { expression: '"x".repeat(1e7)', returnByValue: true },
          sessionId,
        }),
      );
    await Promise.race([closed, wait(15_000)]);
    socket.terminate();
    await attach.close();
  }),
);

hostile('that flood', () =>
  beside('200,000 commands at once', async (connectUrl) => {
    const { socket } = await open(connectUrl);
    let answered = 0;
    socket.on('message', () => {
      answered += 1;
    });
    for (let id = 1; id <= 200_000; id += 1) {
      socket.send(`{"id":${id},"method":"Browser.getVersion"}`);
      if (socket.bufferedAmount > 4 * MIB) await wait(1);
    }
    const neighbour = await connectCdp(connectUrl);
    let mostBefore = 0;
    while (answered < 200_000 && socket.readyState === socket.OPEN) {
      const before = answered;
      await neighbour.send('Browser.getVersion');
      mostBefore = Math.max(mostBefore, answered - before);
      await wait(10);
    }
    assert.is(answered, 200_000);
    console.log(`at most ${mostBefore} of its answers before one of its neighbour's`);
    assert.ok(mostBefore < MAX_BEFORE, `${mostBefore} of its answers came before one of its neighbour's`);
    socket.terminate();
    await neighbour.close();
  }),
);

hostile.run();
