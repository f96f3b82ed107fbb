/**
 * S3 is down for a minute, and says so or says nothing: what sessions leave is stored when it is back, or named in their
 * events; who asks meanwhile hears a clear 5xx; nothing is stored in part.
 */
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Browserbase, toFile } from '@browserbasehq/sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { listArtifacts } from '../../core/aws/artifacts/list-artifacts.ts';
import { buildZip } from '../../core/extension-zip/testing/build-zip.ts';
import { readInfrastructure } from '../../local/start/infrastructure.ts';
import { type CdpClient, connectCdp } from '../e2e/support/cdp.ts';
import { ownerOf } from '../e2e/support/owner.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';
import { contentOf, type FilesSite, startFilesSite } from './support/files-site.ts';
import { type S3Fault, setS3Fault } from './support/s3-fault.ts';

const DOWN_MS = 60_000;
/** Several tries of a file's. */
const CUT_MS = 10_000;
// A silent store is noticed after 30 s, and the last pause before the next try is 15 s.
const BACK_LIMIT_MS = 60_000;
const END_LIMIT_MS = 60_000;
const MANIFEST = { manifest_version: 3, name: 'Does nothing', version: '1.0' };

const down = suite('S3 down for a minute');
let site: FilesSite;
let machine: Wallcrawler;
let client: Browserbase;

down.before(async () => {
  site = await startFilesSite();
  machine = await startWallcrawler({ entry: 'tests/long/support/machine-with-faults.ts' });
  client = machine.client();
});
down.after(async () => {
  await machine?.dispose();
  await site?.close();
});

const json = async <Answer>(path: string): Promise<Answer> =>
  (await (await machine.call(path)).json()) as Answer;
interface Listed {
  readonly id: string;
  readonly filename: string;
  readonly checksum: string;
}
const listed = async (sessionId: string) =>
  (await json<{ downloads: readonly Listed[] }>(`/v1/downloads?sessionId=${sessionId}`)).downloads;
const numberOf = ({ filename }: Pick<Listed, 'filename'>) => Number(/^file-(\d+)-/.exec(filename)?.[1]);
const untilListed = (sessionId: string, count: number) =>
  until(
    `${count} downloads are listed`,
    async () => (await listed(sessionId)).length === count,
    BACK_LIMIT_MS,
  );

interface Driven {
  readonly id: string;
  readonly cdp: CdpClient;
  /** Downloads one more file, and says its number when Chrome has it all. */
  download(): Promise<number>;
  /** Something of which the log tells. */
  visit(page: string): Promise<void>;
}

async function open(): Promise<Driven> {
  const { id, connectUrl } = await client.sessions.create({ keepAlive: true });
  const cdp = await connectCdp(connectUrl);
  const behavior = { behavior: 'allow', downloadPath: 'downloads', eventsEnabled: true };
  await cdp.send('Browser.setDownloadBehavior', behavior);
  let completed = 0;
  cdp.onEvent((event) => {
    const { method, params } = event as unknown as { method: string; params: { state?: string } };
    if (method === 'Browser.downloadProgress' && params.state === 'completed') completed += 1;
  });
  const { sessionId } = await cdp.openPage();
  return {
    id,
    cdp,
    async download() {
      const before = completed;
      const url = site.nextFile();
      await cdp.send('Target.createTarget', { url });
      await until('Chrome has the file', async () => completed > before);
      return Number(url.split('/').at(-1));
    },
    visit: async (page) => void (await cdp.send('Page.navigate', { url: `${site.url}/${page}` }, sessionId)),
  };
}

const hasEnded = (id: string) =>
  until(
    `session ${id} has ended`,
    async () => (await client.sessions.retrieve(id)).status !== 'RUNNING',
    END_LIMIT_MS,
  );

const upload = async () => {
  const zip = buildZip([{ name: 'manifest.json', content: JSON.stringify(MANIFEST) }]);
  return client.extensions.create({ file: await toFile(zip, 'nothing.zip') });
};

const storedKeys = async (prefix: string): Promise<readonly string[]> => {
  const { buckets } = readInfrastructure();
  const bucket = createArtifactsBucket(buckets.artifacts.name, true, ownerOf(machine.dataDir));
  try {
    return await listArtifacts(bucket, prefix);
  } finally {
    bucket.client.destroy();
  }
};

const pathsVisited = (rows: readonly { method: string; request?: { params?: Record<string, unknown> } }[]) =>
  rows.flatMap(({ method, request }) =>
    method === 'Page.navigate' ? [String(request?.params?.url).slice(site.url.length)] : [],
  );

for (const fault of ['refuse', 'hang'] as const satisfies readonly S3Fault[])
  down(`(${fault}): what waits is stored when it is back, what cannot wait is named`, async () => {
    const kept = await open();
    const released = await open();
    const first = await kept.download();
    await untilListed(kept.id, 1);
    const zips = (await storedKeys('extensions/')).length;

    setS3Fault(machine.dataDir, fault);
    const backAt = wait(DOWN_MS);
    await kept.visit('while-down');
    await released.visit('lost');
    const waiting = [await kept.download(), await kept.download()];
    const lost = await released.download();
    await refusals(kept.id, (await listed(kept.id))[0]?.id ?? '');
    await client.sessions.update(released.id, { status: 'REQUEST_RELEASE' });
    await hasEnded(released.id);
    await named(released.id, lost);
    assert.is((await listed(kept.id)).length, 1, 'nothing is listed that is not there');

    await backAt;
    setS3Fault(machine.dataDir, '');
    await untilListed(kept.id, 3);
    assert.equal(
      (await listed(kept.id)).map(numberOf).sort((a, b) => a - b),
      [first, ...waiting],
    );
    for (const download of await listed(kept.id)) await isWhole(download);
    await client.sessions.update(kept.id, { status: 'REQUEST_RELEASE' });
    await hasEnded(kept.id);
    assert.equal(pathsVisited(await client.sessions.logs.list(kept.id)), ['/while-down']);

    assert.equal(await listed(released.id), []);
    assert.equal(await client.sessions.logs.list(released.id), []);
    const left = [...(await storedKeys('downloads/')), ...(await storedKeys('logs/'))];
    assert.equal(
      left.filter((key) => key.includes(released.id)),
      [],
    );
    assert.is((await storedKeys('extensions/')).length, zips);
    await upload();
  });

down(
  'in the middle of a file: it is stored whole when S3 is back, and is given whole or visibly not',
  async () => {
    const session = await open();
    await session.download();
    await untilListed(session.id, 1);
    setS3Fault(machine.dataDir, 'cut PUT');
    await session.download();
    await wait(CUT_MS);
    assert.is((await listed(session.id)).length, 1, 'nothing is listed that is not there');
    setS3Fault(machine.dataDir, '');
    await untilListed(session.id, 2);
    for (const download of await listed(session.id)) await isWhole(download);

    setS3Fault(machine.dataDir, 'cut GET');
    const [{ id } = { id: '' }] = await listed(session.id);
    for (const path of [`/v1/downloads/${id}`, `/v1/sessions/${session.id}/downloads`])
      assert.ok(['broken off', 503].includes(await outcomeOf(path)), path);
    setS3Fault(machine.dataDir, '');
    await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
    await hasEnded(session.id);
  },
);

/** How a file came: its answer's status when it came to its end. */
const outcomeOf = (path: string): Promise<string | number> =>
  fetch(`${machine.url}${path}`, {
    headers: { accept: 'application/octet-stream', 'x-bb-api-key': machine.apiKey },
  })
    .then(async (answer) => {
      await answer.arrayBuffer();
      return answer.status;
    })
    .catch(() => 'broken off');

/** What asks S3 while it is down: a 503 of ours, in time, and in the contract's shape, which `call` checks. */
async function refusals(sessionId: string, downloadId: string): Promise<void> {
  const error = (await upload().catch((fault: unknown) => fault)) as { status?: number; message: string };
  assert.is(error.status, 503);
  assert.match(error.message, 'The store of files does not answer; try again');
  for (const [method, path] of [
    ['GET', `/v1/downloads/${downloadId}`],
    ['DELETE', `/v1/downloads/${downloadId}`],
    ['GET', `/v1/sessions/${sessionId}/downloads`],
    ['GET', `/v1/sessions/${sessionId}/logs`],
  ] as const) {
    const headers = { accept: 'application/octet-stream' };
    const response = await machine.call(path, { method, headers });
    assert.is(response.status, 503, `${method} ${path}`);
  }
}

/** The events of a session that ended meanwhile say what nobody will find. */
async function named(sessionId: string, fileNumber: number): Promise<void> {
  const events = await json<readonly { type: string; data: Record<string, unknown> }[]>(
    `/v1/sessions/${sessionId}/events?limit=1000`,
  );
  const of = (type: string) => events.filter((event) => event.type === type).map(({ data }) => data);
  assert.equal(
    of('download.failed').map(({ filename, reason }) => [filename, reason]),
    [[`file-${fileNumber}.bin`, 'the session ended before it was stored']],
  );
  assert.ok(of('log.lost').every(({ rows }) => Number(rows) > 0));
  assert.is(of('log.lost').length, 1);
  assert.is(events.at(-1)?.type, 'session.ended');
}

async function isWhole({ id, filename, checksum }: Listed): Promise<void> {
  const expected = contentOf(numberOf({ filename }));
  assert.is(checksum, createHash('sha256').update(expected).digest('hex'));
  const file = await machine.call(`/v1/downloads/${id}`, { headers: { accept: 'application/octet-stream' } });
  assert.ok(expected.equals(Buffer.from(await file.arrayBuffer())), filename);
}

down.run();
