/**
 * Sessions that save one context at a time, through a store that refuses, cuts off and loses answers: the code of the
 * container and of the function that signs, on the S3 of this machine. `FAULT_STORIES=10000` tells a tenth of so many
 * stories; one that broke a promise is told again by `FAULT_SEED=<its number>`.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packProfile } from '../../controller/profile/pack.ts';
import { persistProfile } from '../../controller/profile/persist-profile.ts';
import { SaveNotFinishedError } from '../../controller/profile/save-progress.ts';
import { unpackProfile } from '../../controller/profile/unpack.ts';
import type { ContextsBucket } from '../../core/aws/contexts/contexts-bucket.ts';
import { presignDownload } from '../../core/aws/contexts/presign-profile.ts';
import { presignSave } from '../../core/aws/contexts/presign-save.ts';
import { NO_ARCHIVE, SAVED_BY_HEADER } from '../../core/domain/profile-save.ts';
import { createS3Api } from '../../local/aws/s3/s3-api.ts';
import { serveServices, withFolder } from '../../local/aws/testing/serve-services.ts';
import { createRandom } from './support/random.ts';
import { type StoreFault, s3WithFaults } from './support/s3-with-faults.ts';

const { FAULT_SEED, FAULT_STORIES } = process.env;
const FIRST_SEED = Number(FAULT_SEED ?? 1);
const count = FAULT_STORIES === undefined ? (FAULT_SEED === undefined ? 40 : 1) : Number(FAULT_STORIES) / 10;
const BUCKET = 'contexts';
const KEY = 'p/c/profile.tar.gz';
const URL_SECONDS = 300;
const FILE_BYTES = 60_000;
const FAULTS: readonly StoreFault[] = ['cut', 'lost-answer', 'slow-down', 'internal-error', 'conflict'];
const FAULT_CHANCE = 0.35;

interface Stored {
  readonly by: string;
  readonly replaces: string | undefined;
}

interface Saver {
  readonly sessionId: string;
  readonly folder: { readonly profile: string; readonly controller: string };
  readonly etag: string;
  readonly replaced: (string | undefined)[];
}

/** A profile of one file, whose bytes say whose it is. */
async function newSaver(root: string, sessionId: string, random: () => number): Promise<Saver> {
  const folder = { profile: join(root, sessionId, 'profile'), controller: join(root, sessionId, 'own') };
  mkdirSync(folder.profile, { recursive: true });
  const noise = Buffer.from(Array.from({ length: FILE_BYTES }, () => Math.floor(random() * 256)));
  writeFileSync(join(folder.profile, 'Cookies'), Buffer.concat([Buffer.from(`${sessionId}\n`), noise]));
  const archive = join(root, sessionId, 'archive');
  await packProfile(folder.profile, archive);
  const etag = `"${createHash('md5').update(readFileSync(archive)).digest('hex')}"`;
  return { sessionId, folder, etag, replaced: [] };
}

const stories = suite('one context and many savers');

stories(`in ${count} stories it is one whole profile, and each saver is told of what it replaced`, () =>
  withFolder(async (root) => {
    const told = { saves: 0, lost: 0, replaced: 0 };
    for (let seed = FIRST_SEED; seed < FIRST_SEED + count; seed++) {
      try {
        const { saves, lost, replaced } = await tell(seed, join(root, String(seed)));
        told.saves += saves;
        told.lost += lost;
        told.replaced += replaced;
      } catch (error) {
        throw new Error(`Story ${seed}: ${(error as Error).message}`, { cause: error });
      }
    }
    console.log(
      `${count} stories: ${told.saves} saves, ${told.lost} given up, ${told.replaced} replaced another`,
    );
    assert.ok(told.replaced > 0, 'savers have met');
  }),
);

async function tell(seed: number, root: string) {
  const random = createRandom(seed);
  const stored: Stored[] = [];
  let isOver = false;
  const s3 = createS3Api({
    buckets: [{ name: BUCKET, expiry: [], oldVersionDays: null, readableFrom: [] }],
    folder: join(root, 's3'),
    now: () => new Date(),
  });
  const faulty = s3WithFaults(s3, {
    faultOf: () => (!isOver && random.isTrue(FAULT_CHANCE) ? random.oneOf(FAULTS) : undefined),
    onStored: (headers) =>
      stored.push({ by: String(headers[SAVED_BY_HEADER]), replaces: headers['if-match'] }),
  });
  const { client: config, close } = await serveServices({ s3: faulty });
  const client = new S3Client({
    ...config,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const bucket = { client, bucket: BUCKET };
  const savers: Saver[] = [];
  for (let index = 0; index < 2 + random.below(3); index++)
    savers.push(await newSaver(root, `s${index}`, random.next));
  const outcomes = await Promise.allSettled(savers.map((saver) => save(bucket, saver)));
  isOver = true;
  await requireWhole(bucket, root, stored.at(-1)?.by);
  client.destroy();
  await close();
  requireChain(stored, savers);
  for (const { reason } of outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[])
    assert.instance(reason, SaveNotFinishedError);
  const lost = outcomes.filter(({ status }) => status === 'rejected').length;
  return {
    saves: stored.length,
    lost,
    replaced: stored.filter(({ replaces }) => replaces !== undefined).length,
  };
}

const save = (bucket: ContextsBucket, { sessionId, folder, replaced }: Saver) =>
  persistProfile({
    api: {
      signProfileDownload: () => presignDownload(bucket, KEY, URL_SECONDS),
      signProfileSave: (replaces) =>
        presignSave(bucket, { profileKey: KEY, sessionId, replaces }, URL_SECONDS),
    },
    sessionId,
    folder,
    replaces: NO_ARCHIVE,
    onReplaced: (savedBy) => replaced.push(savedBy),
    clock: { now: () => 0 },
    backoff: [0, 1, 2, 3, 4],
  });

/** What is there is the whole profile of the one that was stored last. */
async function requireWhole({ client }: ContextsBucket, root: string, by: string | undefined): Promise<void> {
  const found = await client
    .send(new GetObjectCommand({ Bucket: BUCKET, Key: KEY }))
    .catch((error: Error) => error);
  if (found instanceof Error) {
    assert.equal([found.name, by], ['NoSuchKey', undefined]);
    return;
  }
  const folder = join(root, 'restored');
  mkdirSync(folder);
  await unpackProfile(found.Body as Readable, { folder });
  const cookies = readFileSync(join(folder, 'Cookies'));
  assert.ok(cookies.equals(readFileSync(join(root, String(by), 'profile/Cookies'))), 'nothing of another');
}

/** Each was stored in place of the one before it, in the knowledge of whoever stored it. */
function requireChain(stored: readonly Stored[], savers: readonly Saver[]): void {
  const told = savers.map(({ sessionId, etag, replaced }) => ({ sessionId, etag, replaced }));
  for (const [index, { by, replaces }] of stored.entries()) {
    const before = savers.find(({ sessionId }) => sessionId === stored[index - 1]?.by);
    assert.is(replaces, before?.etag, `${JSON.stringify(stored)}; told: ${JSON.stringify(told)}`);
    const saver = savers.find(({ sessionId }) => sessionId === by);
    if (before !== undefined) assert.ok(saver?.replaced.includes(before.sessionId), JSON.stringify(told));
  }
}

stories.run();
