import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Figure } from './harness/figure.ts';
import type { Part } from './harness/part.ts';
import { median } from './harness/statistics.ts';
import { timeMs } from './harness/time-ms.ts';
import { makeProfileFolder, removeFolder } from './profile-folder.ts';
import type { ProfileWork } from './profile-work.ts';

const MEGABYTE = 1_000_000;
const SIZES_MB = [5, 20, 100, 500];
const ROUNDS = 3;
const WORK = new URL('./profile-work.ts', import.meta.url).pathname;
/** As the product packs; of its folder without what the product leaves out. */
const ZSTD = ['-I', 'zstd -1'];
const KEPT = ['--exclude=./Default/Cache', '.'];
const start = promisify(execFile);
/** On one CPU, as a container on Fargate has. The store has the others. */
const run = (command: string, args: readonly string[]) => start('taskset', ['-c', '0', command, ...args]);

/** `tar` does the same on the same disk in turns with us, with the same compression and with none; `cp` copies the archive, or the files. */
export const profiles: Part = {
  name: 'profiles',
  what: `restore and save of profiles of ${SIZES_MB.join(', ')} MB by the product's own code, each in a process of its own, beside tar with the same compression`,
  isOnRequest: true,
  async run(bench) {
    const sizes: Size[] = [];
    for (const sizeMb of SIZES_MB) sizes.push(await benchSize(sizeMb));
    for (const line of table([HEAD, ...sizes.flatMap(({ rows }) => rows)])) bench.note(line);
    return sizes.flatMap(({ figures }) => figures);
  },
};

interface Size {
  readonly rows: readonly string[][];
  readonly figures: readonly Figure[];
}

const HEAD = ['profile', 'work', 'time', 'tar, zstd', 'tar', 'cp', 'ratio', 'CPU', 'moved', 'memory'];

const figuresOf = (sizeMb: number, rounds: readonly Round[]): readonly Figure[] => [
  {
    name: `profiles.save ${sizeMb} MB`,
    unit: 'ms',
    samples: rounds.map(({ persist }) => persist.tookMs),
    baseline: { name: 'tar, zstd, and a copy', samples: rounds.map(({ pack }) => pack.zstdMs + pack.copyMs) },
  },
  {
    name: `profiles.restore ${sizeMb} MB`,
    unit: 'ms',
    samples: rounds.map(({ restore }) => restore.tookMs),
    baseline: { name: 'tar, zstd', samples: rounds.map(({ unpack }) => unpack.zstdMs) },
  },
  {
    name: `profiles.unchanged ${sizeMb} MB`,
    unit: 'ms',
    samples: rounds.map(({ unchanged }) => unchanged.tookMs),
  },
];

async function benchSize(sizeMb: number): Promise<Size> {
  const root = mkdtempSync(join(tmpdir(), 'wallcrawler-bench-profile-'));
  const rounds: Round[] = [];
  const store = await startStore(join(root, 'stored'));
  try {
    const { files, bytes } = makeProfileFolder(join(root, 'source/profile'), sizeMb * MEGABYTE);
    for (let round = 0; round < ROUNDS; round++) rounds.push(await benchRound(root, store));
    const name = `${(bytes / MEGABYTE).toFixed(0)} MB, ${files} files`;
    const rows = [
      row(name, 'persist', rounds, ({ persist, pack }) => ({ ...persist, ...pack })),
      row('', 'restore', rounds, ({ restore, unpack }) => ({ ...restore, ...unpack })),
      row('', 'persist, unchanged', rounds, ({ unchanged }) => unchanged),
    ];
    return { rows, figures: figuresOf(sizeMb, rounds) };
  } finally {
    store.server.close();
    removeFolder(root);
  }
}

interface Work extends ProfileWork {
  readonly movedBytes: number;
}

/** How long the same takes without us. */
interface Baseline {
  readonly zstdMs: number;
  readonly plainMs: number;
  readonly copyMs: number;
}

interface Round {
  readonly persist: Work;
  readonly pack: Baseline;
  readonly restore: Work;
  readonly unpack: Baseline;
  readonly unchanged: Work;
}

async function benchRound(root: string, store: Store): Promise<Round> {
  const source = join(root, 'source/profile');
  const inTurn = (name: string) => join(root, name);
  const fresh = (name: string) => {
    removeFolder(inTurn(name));
    mkdirSync(inTurn(name));
    return inTurn(name);
  };
  const timed = (command: string, args: readonly string[]) => timeMs(() => run(command, args));
  const persist = await doWork('persist', join(root, 'source'), store);
  const pack = {
    zstdMs: await timed('tar', ['-C', source, ...ZSTD, '-cf', inTurn('zstd.tar'), ...KEPT]),
    plainMs: await timed('tar', ['-C', source, '-cf', inTurn('plain.tar'), ...KEPT]),
    copyMs: await timed('cp', [inTurn('zstd.tar'), inTurn('copy.tar')]),
  };
  const restore = await doWork('restore', fresh('restored'), store);
  const unpack = {
    zstdMs: await timed('tar', ['-C', fresh('zstd'), ...ZSTD, '-xf', inTurn('zstd.tar')]),
    plainMs: await timed('tar', ['-C', fresh('plain'), '-xf', inTurn('plain.tar')]),
    copyMs: await timed('cp', ['-r', inTurn('plain'), join(fresh('copy'), 'all')]),
  };
  const unchanged = await doWork('unchanged', fresh('restored'), store);
  for (const name of ['restored', 'zstd', 'plain', 'copy']) removeFolder(inTurn(name));
  return { persist, pack, restore, unpack, unchanged };
}

async function doWork(work: 'restore' | 'persist' | 'unchanged', root: string, store: Store): Promise<Work> {
  const movedBefore = store.moved();
  const { stdout } = await run(process.execPath, [WORK, work, store.url, root]);
  const moved = store.moved();
  const movedBytes =
    work === 'restore' ? moved.sent - movedBefore.sent : moved.received - movedBefore.received;
  return { ...(JSON.parse(stdout) as ProfileWork), movedBytes };
}

interface Store {
  readonly server: Server;
  readonly url: string;
  moved(): { readonly sent: number; readonly received: number };
}

/** One object: PUT replaces it and GET answers with it, from the disk. */
async function startStore(file: string): Promise<Store> {
  let [sent, received] = [0, 0];
  const server = createServer(async (request, response) => {
    if (request.method === 'PUT') {
      await pipeline(request, createWriteStream(file));
      received += statSync(file).size;
      response.end();
      return;
    }
    const size = statSync(file).size;
    response.writeHead(200, { 'content-length': size });
    await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), response);
    sent += size;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}/`, moved: () => ({ sent, received }) };
}

function row(
  name: string,
  work: string,
  rounds: readonly Round[],
  of: (round: Round) => Work & Partial<Baseline>,
): string[] {
  const middle = (key: keyof (Work & Baseline)) =>
    median(rounds.map((round) => of(round)[key] ?? Number.NaN));
  const ms = (value: number) => (Number.isNaN(value) ? '-' : `${value.toFixed(0)} ms`);
  // A save also sends its archive, which the store writes: `cp` of it is that share.
  const ratio = middle('tookMs') / (middle('zstdMs') + (work === 'persist' ? middle('copyMs') : 0));
  return [
    name,
    work,
    ms(middle('tookMs')),
    ms(middle('zstdMs')),
    ms(middle('plainMs')),
    ms(middle('copyMs')),
    Number.isNaN(ratio) ? '-' : ratio.toFixed(2),
    ms(middle('cpuMs')),
    `${(middle('movedBytes') / MEGABYTE).toFixed(1)} MB`,
    `${middle('peakMb').toFixed(0)} MB (${middle('restMb').toFixed(0)} at rest)`,
  ];
}

function table(rows: readonly string[][]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
